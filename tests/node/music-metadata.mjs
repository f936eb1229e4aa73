// What a player sees of an MP3: node - FILE
import { parseFile } from "music-metadata";

const { common, format, native, quality } = await parseFile(process.argv[2], { duration: true, includeChapters: true });
const frames = Object.values(native).flat().map(({ id }) => id);
const picture = common.picture?.map(({ format, type, data }) => ({ format, type, size_bytes: data.length }));
console.log(JSON.stringify({ common: { ...common, picture }, format, frames, warnings: quality.warnings }));
