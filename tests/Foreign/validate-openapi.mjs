// Says whether OpenAPI documents are valid. Usage: node validate-openapi.mjs FILE...
import { readFile } from "node:fs/promises";
import { Validator } from "@seriousme/openapi-schema-validator";

let invalid = 0;
for (const file of process.argv.slice(2)) {
  const validator = new Validator();
  const result = await validator.validate(JSON.parse(await readFile(file, "utf8")));
  console.log(`${file}: OpenAPI ${validator.version}, ${result.valid ? "valid" : "INVALID"}`);
  if (!result.valid) {
    invalid++;
    console.log(JSON.stringify(result.errors, null, 2));
  }
}
process.exit(invalid === 0 && process.argv.length > 2 ? 0 : 1);
