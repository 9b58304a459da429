// Fetches role credentials with the AWS SDK for JavaScript v3, once per `fetch` line on standard input.
//
// One provider lives as long as the process: it remembers that a token could not be had, and hands out the last
// credentials when a refresh fails. Every answer is one JSON line; see lab/clients/README.md for its fields.
// The SDK is found in the folder that the first argument names, so that node_modules stays out of the checkout.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(`${process.argv[2]}/`);
const { fromInstanceMetadata } = require("@aws-sdk/credential-providers");
const { version } = require("@aws-sdk/credential-providers/package.json");

function kindOf(error) {
  if (error.statusCode === 404) return "no-credentials";
  if (/timeout/i.test(`${error.name} ${error.message}`)) return "times-out";
  return "refused";
}

function say(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

const provider = fromInstanceMetadata({ timeout: 1000, maxRetries: 0 });
say({ client: "@aws-sdk/credential-providers", version });
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== "fetch") continue;
  try {
    const { accessKeyId } = await provider();
    say({ ok: true, access_key: accessKeyId });
  } catch (error) {
    say({ ok: false, kind: kindOf(error), error: `${error.name}: ${error.message}` });
  }
}
