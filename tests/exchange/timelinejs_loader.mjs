// Loads the JSON at argv[3] with the loader of @knight-lab/timelinejs, from the node_modules folder argv[2]; what it made
// of it goes out as JSON. The package is written for bundlers: the hooks below find its modules without their endings.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire, register } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, file] = process.argv.slice(2);
const hooks = `
export async function resolve(name, context, next) {
    const inside = context.parentURL?.includes("@knight-lab/timelinejs/") && name.startsWith(".");
    return next(inside && !name.endsWith(".js") ? name + ".js" : name, context);
}
export async function load(url, context, next) {
    return next(url, url.includes("@knight-lab/timelinejs/src/") ? { ...context, format: "module" } : context);
}`;
register("data:text/javascript," + encodeURIComponent(hooks));

const base = pathToFileURL(`${folder}/`);
const { JSDOM } = createRequire(base)("jsdom");
const served = await readFile(file);
const server = createServer((_, answer) => answer.writeHead(200, { "Content-Type": "application/json" }).end(served));
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const address = `http://127.0.0.1:${server.address().port}/`;
const { window } = new JSDOM("", { url: address });
const { document, getComputedStyle, DOMParser, XMLHttpRequest } = window;
Object.assign(globalThis, { window, document, getComputedStyle, DOMParser, XMLHttpRequest });
console.log = () => {}; // the loader traces what it does

const source = (path) => import(new URL(`@knight-lab/timelinejs/src/js/${path}`, base));
const { makeConfig } = await source("core/ConfigFactory.js");
const config = await new Promise((done) => makeConfig(`${address}timeline.json`, done));
config.validate();
const day = (date) => {
    if (!date) return null;
    const made = date.data.date_obj; // a Date in the machine's zone, or on the cosmological scale a year
    if (!(made instanceof Date)) return [made.year];
    return [made.getFullYear(), made.getMonth() + 1, made.getDate(), made.getHours(), made.getMinutes()];
};
const slides = config.events.map((slide) => ({
    id: slide.unique_id,
    start: day(slide.start_date),
    end: day(slide.end_date),
    shown: slide.display_date,
    ...slide.text,
}));
process.stdout.write(
    JSON.stringify({ errors: config.getErrors().map(String), scale: config.scale, title: config.title.text, slides })
);
server.close();
window.close();
