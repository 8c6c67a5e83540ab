// Prints the YAML documents of its standard input as one JSON array.
const yaml = require('yaml');

const documents = yaml.parseAllDocuments(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(documents.map(document => document.toJS())));
