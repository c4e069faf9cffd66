import type { TranslationBundle } from "@jupyterlab/translation";
import type { Recommended } from "assay-lab/contract";

/** One of the ten steps, in the reader's language; one that is new to this page as the service says it. */
export function stepWord(trans: TranslationBundle, name: string): string {
  const words: Readonly<Record<string, string>> = {
    "extract users": trans.__("extract users"),
    "extract recommendations": trans.__("extract recommendations"),
    "extract searches and bookings": trans.__("extract searches and bookings"),
    merge: trans.__("merge"),
    features: trans.__("features"),
    labels: trans.__("labels"),
    "negative sampling": trans.__("negative sampling"),
    cleaning: trans.__("cleaning"),
    privacy: trans.__("privacy"),
    export: trans.__("export"),
  };
  return words[name] ?? name;
}

/** What a finished dataset must be, in a word. */
export function checkWord(trans: TranslationBundle, name: string): string {
  const words: Readonly<Record<string, string>> = {
    "train size": trans.__("size of the training rows"),
    "test size": trans.__("size of the test rows"),
    "booking rate": trans.__("booking rate"),
    "engagement balance": trans.__("balance of engagement"),
    "no missing in required columns": trans.__("nothing missing in required columns"),
    "vectors in [0, 1]": trans.__("vectors between 0 and 1"),
  };
  return words[name] ?? name;
}

/** A recommender by its name. */
export function recommenderWord(trans: TranslationBundle, name: string): string {
  return recommenderWords(trans)[name]?.title ?? name;
}

/** What can be trained, with a sentence of each; popularity and chance are judged beside every one by themselves. */
export function recommenderWords(trans: TranslationBundle): Readonly<Record<string, { title: string; about: string }>> {
  return {
    ease: { title: "EASE", about: trans.__("weights between items in closed form; often the best up to 20,000 items") },
    als: { title: trans.__("Implicit ALS"), about: trans.__("vectors of users and items; quick on millions of interactions") },
    bpr: { title: "BPR", about: trans.__("vectors that put what was taken before what was not") },
    item_knn: { title: trans.__("Item neighbours"), about: trans.__("items that the same people took; says why") },
    popularity: { title: trans.__("Popularity"), about: trans.__("the same items for everybody: what must be beaten") },
    segment_popularity: {
      title: trans.__("Popularity in the segment"),
      about: trans.__("what most people of the same segment take: the rules arm of a test"),
    },
    random: { title: trans.__("Chance"), about: trans.__("what no knowledge at all would give") },
    two_tower: { title: trans.__("Two towers"), about: trans.__("vectors from features too: knows what to say of new items") },
  };
}

/** A measure of lists, with the length that it is taken at. */
export function measureWord(trans: TranslationBundle, measure: string): string {
  const [name = "", k] = measure.split("@");
  const words: Readonly<Record<string, string>> = {
    ndcg: "nDCG",
    recall: trans.__("recall"),
    precision: trans.__("precision"),
    map: "MAP",
    mrr: "MRR",
    hit_rate: trans.__("hit rate"),
    coverage: trans.__("coverage"),
    novelty: trans.__("novelty (bits)"),
    diversity: trans.__("diversity"),
  };
  const word = words[name] ?? name;
  return k === undefined ? word : `${word} @${k}`;
}

/** The eight dimensions of a profile, in the order that the service takes them, with what their ends mean. */
export function dimensionWords(trans: TranslationBundle): readonly { name: string; title: string; ends: string }[] {
  return [
    { name: "climate", title: trans.__("Climate"), ends: trans.__("cold to warm") },
    { name: "culture", title: trans.__("Culture"), ends: trans.__("little to much") },
    { name: "budget", title: trans.__("Budget"), ends: trans.__("cheap to dear") },
    { name: "activity", title: trans.__("Activity"), ends: trans.__("rest to sport") },
    { name: "group", title: trans.__("Group"), ends: trans.__("alone to many") },
    { name: "urban", title: trans.__("Urban"), ends: trans.__("countryside to city") },
    { name: "gastronomy", title: trans.__("Gastronomy"), ends: trans.__("plain to fine") },
    { name: "popularity", title: trans.__("Popularity of places"), ends: trans.__("hidden to famous") },
  ];
}

/** Who answered: the word of the badge, and a sentence. */
export function sourceWords(trans: TranslationBundle): Readonly<Record<Recommended["source"], { word: string; about: string }>> {
  return {
    model: { word: trans.__("model"), about: trans.__("The recommender knows this person from the rows that it was fitted on.") },
    feedback: {
      word: trans.__("feedback"),
      about: trans.__("The fit did not see this person: what they clicked and booked since answers."),
    },
    profile: {
      word: trans.__("cold start: profile"),
      about: trans.__("Nobody knows this person yet: the items nearest to the profile answer."),
    },
    popularity: {
      word: trans.__("cold start: popularity"),
      about: trans.__("Nobody knows this person yet: what most people took answers."),
    },
  };
}

/** What somebody can make of an item. */
export function actionWords(trans: TranslationBundle): Readonly<Record<"viewed" | "clicked" | "booked" | "rejected", string>> {
  return {
    viewed: trans.__("viewed"),
    clicked: trans.__("clicked"),
    booked: trans.__("booked"),
    rejected: trans.__("rejected"),
  };
}
