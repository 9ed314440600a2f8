// Reads {name: playlist text} as JSON from stdin, parses each with hls-parser in strict mode, prints {name: error}.
import HLS from "hls-parser";

HLS.setOptions({ strictMode: true, silent: true });
let input = "";
for await (const chunk of process.stdin) input += chunk;
const refused = {};
for (const [name, text] of Object.entries(JSON.parse(input))) {
  try {
    HLS.parse(text);
  } catch (error) {
    refused[name] = String(error);
  }
}
process.stdout.write(JSON.stringify(refused));
