// What a strict parser finds in WebVTT files: node - FILE...
import { readFileSync } from "node:fs";
import webvtt from "webvtt-parser";

const found = process.argv.slice(2).map((path) => {
  const { cues, errors } = new webvtt.WebVTTParser().parse(readFileSync(path, "utf-8"), "subtitles");
  return { cues: cues.map(({ startTime, endTime, text }) => ({ startTime, endTime, text })), errors };
});
console.log(JSON.stringify(found));
