// Serves a folder on loopback, for looking at the gallery: node hooks/serve.mjs FOLDER PORT
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";

const [folder, port] = [resolve(process.argv[2]), Number(process.argv[3])];
const types = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://127.0.0.1").pathname);
  let file = normalize(join(folder, path));
  if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
  if (!file.startsWith(folder + sep) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  // What carries a hash in its name never changes: the browser compiles the program once, not for every state.
  const kept = /-[0-9a-f]{16}[._]/.test(file) ? "public, max-age=31536000, immutable" : "no-cache";
  const type = types[extname(file)] ?? "application/octet-stream";
  response.writeHead(200, { "content-type": type, "cache-control": kept });
  createReadStream(file).pipe(response);
}).listen(port, "127.0.0.1");
