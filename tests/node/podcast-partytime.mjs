// What a podcast app's parser finds in a feed: node - FILE
import { readFileSync } from "node:fs";
import partytime from "podcast-partytime";

const found = partytime.parseFeed(readFileSync(process.argv[2], "utf-8"), { allowMissingGuid: false });
console.log(JSON.stringify(found));
