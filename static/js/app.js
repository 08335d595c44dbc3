// Progressive enhancement only: every action also works as a plain link or form.
import "./requests.js";
import "./focus.js";
import "./keys.js";
import "./menus.js";
import "./theme.js";
import "./composer.js";
import "./uploads.js";
import "./mentions.js";
import "./posts.js";
import "./lightbox.js";
import "./paging.js";
import "./place.js";
import "./times.js";
import "./agenda.js";
import "./live/index.js";
