// Tries URLs with the client that the second argument names: one URL in hex for each line of standard input, one line
// of outcome each. A URL that is not UTF-8 is read as Latin-1. See lab/urls/README.md. The first argument names the
// folder with the packages, so that node_modules stays out of the checkout.
import http from "node:http";
import https from "node:https";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { parse } from "node:url";

const require = createRequire(`${process.argv[2]}/`);
const TIMEOUT = 1000;
const OPTIONS = { agent: false, timeout: TIMEOUT };

function get({ get }, ...words) {
  return new Promise((resolve, reject) => {
    const request = get(...words, (answer) => {
      answer.resume();
      answer.once("end", resolve).once("error", reject);
    });
    request.once("timeout", () => request.destroy(new Error("timeout"))).once("error", reject);
  });
}

function byText(url) {
  return get(/^\s*https:/i.test(url) ? https : http, url, OPTIONS);
}

function byParts(url) {
  const parts = { ...parse(url), ...OPTIONS };
  return get(parts.protocol === "https:" ? https : http, parts);
}

function clients() {
  return {
    fetch: () => ({
      version: process.versions.node,
      attempt: async (url) => {
        const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT) });
        await answer.body?.cancel();
      },
    }),
    "http.get": () => ({ version: process.versions.node, attempt: byText }),
    "url.parse": () => ({ version: process.versions.node, attempt: byParts }),
    axios: () => {
      const axios = require("axios");
      const options = { maxRedirects: 0, proxy: false, timeout: TIMEOUT, validateStatus: () => true };
      return { version: axios.VERSION, attempt: (url) => axios.get(url, options) };
    },
    undici: () => {
      const { request } = require("undici");
      const options = { headersTimeout: TIMEOUT, reset: true };
      return {
        version: require("undici/package.json").version,
        attempt: async (url) => (await request(url, options)).body.dump(),
      };
    },
  };
}

function text(hex) {
  const bytes = Buffer.from(hex, "hex");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

const name = process.argv[3];
const { version, attempt } = clients()[name]();
process.stdout.write(`${JSON.stringify({ client: name, version })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  try {
    await attempt(text(line));
    process.stdout.write("+\n");
  } catch (error) {
    process.stdout.write(`- ${String(error?.cause ?? error).replace(/[\0-\x1f\u2028\u2029]/g, " ")}\n`);
  }
}
