// mrz_detection.js PICTURE - the lines that the npm package mrz-detection reads.
const { Image } = require('image-js');
const { getMrz, readMrz } = require('mrz-detection');

async function main() {
  const image = await Image.load(process.argv[2]);
  const read = await readMrz(getMrz(image));
  const lines = read.mrz || read.rawMrz || [];
  console.log([].concat(lines).join('\n'));
}

main().catch((error) => console.error(String(error)));
