export { type Evaluation, evaluate, type NamedFigure, score } from "./evaluate.ts";
