// Builds static/dist: bundled, minified, named by content, and compressed beforehand.
// manifest.json maps a source ("css/app.css", "img/icons.svg") to its built name; the Python side
// (intranet/web/assets.py) reads nothing else.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../..");
const source = path.join(root, "static");
const target = path.join(source, "dist");
const fresh = path.join(source, `.dist-${process.pid}`);
const entries = ["js/app.js", "js/push.js", ...(await sheets())];
const manifest = {};

// Every sheet that no other one imports is asked for by a page.
async function sheets() {
  const names = (await readdir(path.join(source, "css"))).filter((name) => name.endsWith(".css"));
  const texts = await Promise.all(names.map((name) => readFile(path.join(source, "css", name), "utf8")));
  const imported = new Set(texts.flatMap((text) => [...text.matchAll(/@import\s+"\.\/([^"]+)"/g)].map(([, name]) => name)));
  return names.filter((name) => !imported.has(name)).map((name) => `css/${name}`);
}

// The socket never polls: the other transports stay out of the bundle.
const onlyWebsocket = {
  name: "only-websocket",
  setup({ onLoad }) {
    const transports = /engine\.io-client[/\\]build[/\\]esm[/\\]transports[/\\]/;
    onLoad({ filter: new RegExp(`${transports.source}index\\.js$`) }, () => ({
      contents: 'import { WS } from "./websocket.js"; export const transports = { websocket: WS };',
    }));
    onLoad({ filter: new RegExp(`${transports.source}polling-xhr\\.js$`) }, () => ({
      contents: "export class XHR {}",
    }));
  },
};

// Scripts and styles: one bundle each, and a chunk for every dynamic import.
await mkdir(fresh, { recursive: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: entries.map((name) => path.join(source, name)),
  outbase: source,
  outdir: fresh,
  entryNames: "[dir]/[name]-[hash]",
  chunkNames: "js/[name]-[hash]",
  assetNames: "assets/[name]-[hash]",
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "external",
  plugins: [onlyWebsocket],
  loader: { ".svg": "file", ".png": "file", ".woff2": "file" },
  metafile: true,
  logLevel: "warning",
});
for (const [output, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  // A dynamic import has an entryPoint too: only ours are named in the manifest.
  const name = entryPoint && path.relative(source, path.join(root, entryPoint));
  if (entries.includes(name)) manifest[name] = path.relative(fresh, path.join(root, output));
}

// Everything else under static/ is copied as it is, under a name of its content.
for (const name of await readdir(source, { recursive: true })) {
  const file = path.join(source, name);
  const [top] = name.split(path.sep);
  if (top === "js" || top === "css" || top.startsWith("dist") || top.startsWith(".")) continue;
  const bytes = await readFile(file).catch((error) => {
    if (error.code !== "EISDIR") throw error;
  });
  if (!bytes) continue;
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const { dir, name: stem, ext } = path.parse(name);
  manifest[name] = path.join(dir, `${stem}-${hash}${ext}`);
  await mkdir(path.join(fresh, dir), { recursive: true });
  await writeFile(path.join(fresh, manifest[name]), bytes);
}

// Fonts for what the server draws on paper; browsers are never sent them.
const fonts = path.join(root, "node_modules/dejavu-fonts-ttf/ttf");
await mkdir(path.join(fresh, "fonts"), { recursive: true });
for (const font of ["DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSansMono.ttf"]) {
  manifest[`fonts/${font}`] = `fonts/${font}`;
  await copyFile(path.join(fonts, font), path.join(fresh, "fonts", font));
}

// Text is compressed once here, so that no request ever pays for it.
const text = new Set([".js", ".css", ".svg", ".json", ".txt"]);
for (const name of await readdir(fresh, { recursive: true })) {
  if (!text.has(path.extname(name))) continue;
  const file = path.join(fresh, name);
  const bytes = await readFile(file);
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  const gzip = gzipSync(bytes, { level: 9 });
  if (brotli.length < bytes.length) await writeFile(`${file}.br`, brotli);
  if (gzip.length < bytes.length) await writeFile(`${file}.gz`, gzip);
}
await writeFile(path.join(fresh, "manifest.json"), JSON.stringify(manifest, null, 2));
await rm(target, { recursive: true, force: true });
await rename(fresh, target);
