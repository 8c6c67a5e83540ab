// Prints what is wrong with the syntax of the Dockerfile named, and ends with 1 if anything is.
const fs = require('fs');
const {validate} = require('dockerfile-utils');

const wrong = validate(fs.readFileSync(process.argv[2], 'utf8'));
wrong.forEach(found => console.log(`line ${found.range.start.line + 1}: ${found.message}`));
process.exit(wrong.length ? 1 : 0);
