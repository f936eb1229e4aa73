// What a strict feed parser finds in a feed: node - FILE
import { readFileSync } from "node:fs";
import { parseRssFeed } from "feedsmith";

console.log(JSON.stringify(parseRssFeed(readFileSync(process.argv[2], "utf-8"))));
