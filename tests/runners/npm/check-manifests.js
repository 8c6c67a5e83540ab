// Checks manifests by the types of the Kubernetes API: the values at run time, and with the compiler the names of all keys,
// which it takes literally. Reads YAML documents from the file named, prints what is wrong, and ends with 1 if anything is.
const fs = require('fs');
const path = require('path');
const ts = require('typescript');
const yaml = require('yaml');

// "batch/v1" is a folder of the package, "v1" one, too.
const typeOf = manifest => `kubernetes-models/${manifest.apiVersion}/${manifest.kind}`;

function wrongValues(manifest) {
  const kind = require(typeOf(manifest))[manifest.kind];
  try {
    new kind(manifest).validate();
    return [];
  } catch (error) {
    return [`${manifest.kind} ${manifest.metadata?.name}: ${error.message}`];
  }
}

function wrongKeys(manifests) {
  const files = manifests.map((manifest, i) => {
    const file = path.join(__dirname, `manifest-${i}.ts`);
    fs.writeFileSync(file, `import { I${manifest.kind} } from "${typeOf(manifest)}";
export const manifest: I${manifest.kind} = ${JSON.stringify(manifest, null, 2)};
`);
    return file;
  });
  const program = ts.createProgram(files, {strict: true, noEmit: true, skipLibCheck: true, types: []});
  return ts.getPreEmitDiagnostics(program).map(found => {
    const where = found.file ? `${manifests[files.indexOf(found.file.fileName)]?.kind ?? found.file.fileName}: ` : '';
    return where + ts.flattenDiagnosticMessageText(found.messageText, '\n');
  });
}

const manifests = yaml.parseAllDocuments(fs.readFileSync(process.argv[2], 'utf8')).map(document => document.toJS());
const wrong = [...manifests.flatMap(wrongValues), ...wrongKeys(manifests)];
wrong.forEach(found => console.log(found));
process.exit(wrong.length || !manifests.length ? 1 : 0);
