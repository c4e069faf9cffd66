export { type BernoulliNBState, bernoulliNB } from "./bernoulli-nb.ts";
export { type ComplementNBState, complementNB } from "./complement-nb.ts";
export { type GaussianNBState, gaussianNB } from "./gaussian-nb.ts";
export { type MultinomialNBState, multinomialNB } from "./multinomial-nb.ts";
export { predictLogProba } from "./predict-log-proba.ts";
