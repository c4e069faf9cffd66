// ensembles name their default parts; whoever loads one loads these too
import "../linear/logistic-regression.ts";
import "../linear/ridge.ts";
import "../tree/decision-tree.ts";
import "./random-forest.ts";
