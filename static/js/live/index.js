// What changes while a page is open.
import "./inbox.js";
import "./pill.js";
import "./cards.js";
import "./thread.js";
import "./announcements.js";
import "./event.js";
import "./messages.js";
