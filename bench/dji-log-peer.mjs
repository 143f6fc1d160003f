// What dji-log-parser-js (npm, MIT) makes of DJI flight records: their details and, through version 12, their frames.
// tools/bench runs it where that module is installed.
//
//   node bench/dji-log-peer.mjs FILE...
import { readFileSync } from "node:fs";
import { DJILog } from "dji-log-parser-js";

let frames = 0;
for (const path of process.argv.slice(2)) {
  const log = new DJILog(readFileSync(path));
  if (log.version < 13) frames += log.frames().length;
}
console.log(`${frames} frames`);
