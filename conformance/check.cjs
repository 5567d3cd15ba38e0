// Counts checks and prints one line for each of them.
"use strict";

const { isDeepStrictEqual } = require("node:util");

let failed = 0;

function report(name, holds, expected, got) {
  if (holds) {
    console.log(`ok    ${name}`);
    return;
  }
  failed += 1;
  console.log(`FAIL  ${name}: ` + `expected ${expected}, got ${got}`.replace(/\s+/g, " "));
}

function equal(name, got, expected) {
  report(name, isDeepStrictEqual(got, expected), JSON.stringify(expected), JSON.stringify(got));
}

// Passes when `action` fails with one of these codes, or with a message that contains the text.
async function fails(name, action, { codes = [], says = "" }) {
  const expected = `an error ${codes.join(" or ")} ${says}`;
  try {
    const result = await action();
    report(name, false, expected, `no error but ${JSON.stringify(result)}`);
  } catch (error) {
    const code = error.code ?? error.statusCode;
    const holds = (codes.length === 0 || codes.includes(code)) && error.message.includes(says);
    report(name, holds, expected, `${code} ${error.message}`);
  }
}

// Runs one part of a walk; an error that nobody expected counts as a failed check.
async function chapter(title, walk) {
  console.log(`-- ${title}`);
  try {
    await walk();
  } catch (error) {
    console.error(error);
    report(title, false, "no error", `${error.code} ${error.message}`);
  }
}

// Says that the walk came to its end; run.sh misses this line when it did not.
function finish() {
  console.log("end of walk");
  process.exitCode = failed === 0 ? 0 : 1;
}

module.exports = { equal, fails, chapter, finish };
