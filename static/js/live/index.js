// What changes while a page is open.
import "./inbox.js";
import "./pill.js";
import "./cards.js";
import "./thread.js";
import "./event.js";
