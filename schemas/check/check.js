// Reads { "schema": SCHEMA, "documents": [DOCUMENT, ...] } and prints, for each document, null or what is wrong with it.
import { readFileSync } from "node:fs";
import Ajv from "ajv";

const { schema, documents } = JSON.parse(readFileSync(0, "utf8"));
const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
const validate = ajv.compile(schema);
console.log(JSON.stringify(documents.map((document) => (validate(document) ? null : ajv.errorsText(validate.errors)))));
