// masto.js, the JavaScript library: reads its tasks' settings from the environment, does
// everything once, and ends with "done". Any failure ends the process with a stack.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";
import WebSocket from "ws";

const { BASE: base, PICTURE: picture } = process.env;
const OOB = "urn:ietf:wg:oauth:2.0:oob";
const SCOPES = "read write follow push";
const input = createInterface({ input: process.stdin });

async function signIn(handle) {
  const anonymous = createRestAPIClient({ url: base });
  const app = await anonymous.v1.apps.create({
    clientName: "A page",
    redirectUris: OOB,
    scopes: SCOPES,
  });
  const query = new URLSearchParams({
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: OOB,
    scope: SCOPES,
  });
  console.log(`allow ${handle} ${base}/oauth/authorize?${query}`);
  const [code] = await new Promise((told) => input.once("line", (line) => told([line])));
  const token = await createOAuthAPIClient({ url: base }).token.create({
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    redirectUri: OOB,
    grantType: "authorization_code",
    code,
    scope: SCOPES,
  });
  return { token: token.accessToken, rest: createRestAPIClient({ url: base, accessToken: token.accessToken }) };
}

const until = async (found, what) => {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await found()) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  assert.fail(`never: ${what}`);
};

const ann = await signIn("ann");
const ben = await signIn("ben");
const me = await ann.rest.v1.accounts.verifyCredentials();
const him = await ben.rest.v1.accounts.verifyCredentials();
assert.deepEqual([me.username, him.username], ["ann", "ben"]);

// streaming: one socket, several streams
const instance = await ann.rest.v2.instance.fetch();
const streaming = createStreamingAPIClient({
  streamingApiUrl: instance.configuration.urls.streaming,
  accessToken: ann.token,
  implementation: WebSocket,
});
const heard = [];
const streams = [streaming.user.subscribe(), streaming.public.local.subscribe(), streaming.hashtag.subscribe({ tag: "wing" })];
for (const stream of streams) {
  (async () => {
    for await (const event of stream) heard.push(event);
  })();
}
await until(async () => {
  if (heard.length) return true;
  await ben.rest.v1.statuses.create({ status: "Is the line up?" });
  return false;
}, "a first message");

// read, publish, reply, boost, favourite
const first = await ann.rest.v1.statuses.create({ status: "The wing is ready, @ben #wing" });
assert.equal(first.mentions[0].username, "ben");
const reply = await ben.rest.v1.statuses.create({ status: "Which one?", inReplyToId: first.id });
const context = await ann.rest.v1.statuses.$select(first.id).context.fetch();
assert.deepEqual(context.descendants.map((status) => status.id), [reply.id]);
const boost = await ben.rest.v1.statuses.$select(first.id).reblog();
assert.equal(boost.reblog.id, first.id);
assert.ok((await ben.rest.v1.statuses.$select(first.id).favourite()).favourited);
assert.ok((await ben.rest.v1.statuses.$select(first.id).bookmark()).bookmarked);
const author = ann.rest.v1.accounts.$select(first.account.id);
assert.ok((await ann.rest.v1.statuses.$select(first.id).pin()).pinned);
assert.deepEqual((await author.statuses.list({ pinned: true })).map((status) => status.id), [first.id]);
assert.equal((await ann.rest.v1.statuses.$select(first.id).unpin()).pinned, false);
await until(
  () => heard.some((event) => event.event === "update" && event.stream[0] === "hashtag" && event.payload.id === first.id),
  "the tag's stream",
);
await until(() => heard.some((event) => event.event === "notification" && event.payload.type === "favourite"), "a notification");
const home = await ben.rest.v1.timelines.home.list({ limit: 5 });
assert.ok(home.some((status) => status.id === first.id));
let walked = 0;
for await (const page of ben.rest.v1.timelines.home.list({ limit: 1 })) {
  walked += page.length;
  if (walked > 1) break;
}
assert.ok(walked > 1, "the Link header leads on");

// pictures and polls
const media = await ann.rest.v2.media.create({
  file: new Blob([await readFile(picture)], { type: "image/png" }),
  description: "A teal wing",
});
const shown = await ann.rest.v1.statuses.create({ status: "Seen from below", mediaIds: [media.id] });
assert.equal(shown.mediaAttachments[0].description, "A teal wing");
const asked = await ann.rest.v1.statuses.create({
  status: "Which first?",
  poll: { options: ["Left", "Right"], expiresIn: 3600 },
});
const voted = await ben.rest.v1.polls.$select(asked.poll.id).votes.create({ choices: [1] });
assert.deepEqual(voted.ownVotes, [1]);

// lists, filters, search, notifications
const list = await ann.rest.v1.lists.create({ title: "Wing people" });
await ann.rest.v1.lists.$select(list.id).accounts.create({ accountIds: [him.id] });
assert.equal((await ann.rest.v1.lists.$select(list.id).accounts.list())[0].id, him.id);
await ann.rest.v1.lists.$select(list.id).remove();
const filter = await ann.rest.v2.filters.create({
  title: "No lunch",
  context: ["home"],
  filterAction: "warn",
  keywordsAttributes: [{ keyword: "lunch", wholeWord: "true" }],
});
const lunch = await ben.rest.v1.statuses.create({ status: "Lunch is served" });
const filtered = (await ann.rest.v1.timelines.home.list()).find((status) => status.id === lunch.id);
assert.equal(filtered.filtered[0].filter.id, filter.id);
const found = await ben.rest.v2.search.list({ q: "wing is ready", type: "statuses" });
assert.deepEqual(found.statuses.map((status) => status.id), [first.id]);
const told = await ann.rest.v1.notifications.list({ types: ["favourite"] });
assert.equal(told[0].account.username, "ben");
const grouped = await ann.rest.v2.notifications.list();
assert.ok(grouped.notificationGroups.length > 0);
await ann.rest.v1.markers.create({ home: { lastReadId: first.id } });

// gone again
await ann.rest.v1.statuses.$select(first.id).remove();
await until(() => heard.some((event) => event.event === "delete" && event.payload === first.id), "the deletion");
streaming.close();
console.log("done");
process.exit(0);
