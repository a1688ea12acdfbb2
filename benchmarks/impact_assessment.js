// What the survey library of Canada's official tool makes of answers, one set of JSON a line.
// Which questions are shown and what completing drops is the library's own doing; points are added
// from the rules of canada-ca/aia-eia-js (src/store.ts, commit b900dc7, MIT).
//
//     node impact_assessment.js LIBRARY SURVEY SECTION,SECTION,... < answers.jsonl
const fs = require("node:fs");
const library = require(process.argv[2]);
const survey = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
const sections = process.argv[4].split(",");
const KINDS = { RS: "raw", MS: "mitigation" };

library.Serializer.addProperty("question", "help:text");

function written(text) {
  const at = text.lastIndexOf("-");
  const found = at < 0 ? 0 : Number(text.slice(at + 1));
  return Number.isNaN(found) ? 0 : found;
}

function worth(value) {
  if (Array.isArray(value)) {
    return value.reduce((sum, one) => (Array.isArray(one) ? sum : sum + worth(one)), 0);
  }
  if (typeof value === "string") return written(value);
  return typeof value === "number" ? value : 0;
}

function kind(question) {
  const ends = [question.name, question.parent.name].map((name) => name.slice(-3));
  const own = ends.find((end) => ["-RS", "-MS", "-NS"].includes(end)) ?? "-NS";
  return KINDS[own.slice(1)];
}

function most(question) {
  const all = question.choices.map((choice) => worth(choice.itemValue));
  if (question.getType() === "checkbox") return all.reduce((sum, one) => sum + one, 0);
  return Math.max(0, ...all);
}

function score(answers, completed) {
  const model = new library.Model(survey);
  model.version = "v1.0.1";
  model.data = structuredClone(answers);
  model.currentPageNo = 0;
  model.start();
  if (completed) model.doComplete();
  const got = { raw: 0, mitigation: 0 };
  const top = { raw: 0, mitigation: 0 };
  const parts = Object.fromEntries(sections.map((name) => [name, [0, 0]]));
  for (const question of model.getAllQuestions()) {
    const counts = kind(question);
    if (!counts || !["radiogroup", "checkbox", "dropdown"].includes(question.getType())) continue;
    const points = [worth(model.data[question.name]), most(question)];
    got[counts] += points[0];
    top[counts] += points[1];
    for (const name of sections.filter((one) => question.name.includes(one))) {
      parts[name] = parts[name].map((sum, at) => sum + points[at]);
    }
  }
  const enough = got.mitigation >= 0.8 * (top.mitigation / 2);
  const current = enough ? Math.round((1 - 0.15) * got.raw) : got.raw;
  const cut = [0.25, 0.5, 0.75].findIndex((share) => current <= top.raw * share);
  const told = [got.raw, got.mitigation, current, cut < 0 ? 4 : cut + 1];
  return [...told, ...sections.flatMap((name) => parts[name])].map(String);
}

for (const line of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const answers = JSON.parse(line);
  const told = { live: score(answers, false), completed: score(answers, true) };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
