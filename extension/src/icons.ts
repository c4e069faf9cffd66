import { LabIcon } from "@jupyterlab/ui-components";

const draw = (name: string, shapes: string): LabIcon =>
  new LabIcon({
    name: `assay-jupyterlab:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16"><g class="jp-icon3" fill="#616161">${shapes}</g></svg>`,
  });

/** Assay: a balance, the tool of an assayer. */
export const assayIcon = draw(
  "assay",
  '<path d="M7.4 1.5h1.2v1.3h4.9V4h-.6l2 4.7a2.6 2.6 0 0 1-5 0l2-4.7H8.6v8.8h3V14H4.4v-1.2h3V4H4.1l2 4.7a2.6 2.6 0 0 1-5 0L3.1 4h-.6V2.8h4.9zM3.6 5.3 2.3 8.4h2.6zm8.8 0-1.3 3.1h2.6z"/>',
);

/** A table of runs. */
export const experimentsIcon = draw(
  "experiments",
  '<path d="M1.5 2.5h13v11h-13zm1.2 1.2v2.1h10.6V3.7zm0 3.3v2.1h4V7zm5.2 0v2.1h5.4V7zm-5.2 3.3v2h4v-2zm5.2 0v2h5.4v-2z" fill-rule="evenodd"/>',
);

/** Exoplanets: a planet before its star. */
export const exoplanetsIcon = draw(
  "exoplanets",
  '<path d="M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1.2a5.3 5.3 0 1 0 0 10.6A5.3 5.3 0 0 0 8 2.7z" fill-rule="evenodd"/><circle cx="6" cy="9" r="1.7"/>',
);

/** Workouts: a barbell. */
export const workoutsIcon = draw(
  "workouts",
  '<path d="M4 3.5h1.8v3.7h4.4V3.5H12v1.3h1.7v2.4H15v1.6h-1.3v2.4H12v1.3h-1.8V8.8H5.8v3.7H4v-1.3H2.3V8.8H1V7.2h1.3V4.8H4z"/>',
);

/** Recommendations: a list with a star. */
export const recommendationsIcon = draw(
  "recommendations",
  '<path d="M1.5 3h5.5v1.2H1.5zm0 4.2h4.5v1.2H1.5zm0 4.2h5.5v1.2H1.5zM11 3l1.3 2.9 3.2.3-2.4 2.1.7 3.2-2.8-1.7-2.8 1.7.7-3.2-2.4-2.1 3.2-.3z"/>',
);

/** A new training. */
export const newExperimentIcon = draw(
  "new-experiment",
  '<path d="M6 1.5h4v1.2h-.6v3.4l3.9 6.6c.5.8-.1 1.8-1 1.8H3.7c-.9 0-1.5-1-1-1.8l3.9-6.6V2.7H6zm1.8 1.2v3.7L6.1 9.3h3.8L8.2 6.4V2.7zM5.4 10.5l-1.6 2.8h8.4l-1.6-2.8z" fill-rule="evenodd"/>',
);

/** One run: its curve. */
export const runIcon = draw(
  "run",
  '<path d="M1.5 1.5h1.2v11.8h11.8v1.2h-13z"/><path d="M4.2 10.9 3.4 10l3-4 2.6 2 3.6-5.1 1 .7-4.4 6.2-2.6-2z"/>',
);

/** Runs side by side. */
export const compareIcon = draw("compare", '<path d="M2 7h2.4v7H2zm3.2-4h2.4v11H5.2zM8.8 9h2.4v5H8.8zM12 5h2.4v9H12z"/>');

/** The registry of models. */
export const modelsIcon = draw(
  "models",
  '<path d="m8 1.2 5.9 3.2v7.2L8 14.8l-5.9-3.2V4.4zm0 1.4L4.1 4.7 8 6.8l3.9-2.1zM3.3 5.6v5.3l4.1 2.2V7.8zm9.4 0L8.6 7.8v5.3l4.1-2.2z" fill-rule="evenodd"/>',
);

/** Stored datasets: a cylinder of rows. */
export const datasetsIcon = draw(
  "datasets",
  '<path d="M8 1.5c3.4 0 6 1 6 2.5v8c0 1.5-2.6 2.5-6 2.5s-6-1-6-2.5V4c0-1.5 2.6-2.5 6-2.5zm4.8 4.2C11.7 6.2 10 6.5 8 6.5s-3.7-.3-4.8-.8V8c0 .5 1.9 1.3 4.8 1.3s4.8-.8 4.8-1.3zm0 4C11.7 10.2 10 10.5 8 10.5s-3.7-.3-4.8-.8V12c0 .5 1.9 1.3 4.8 1.3s4.8-.8 4.8-1.3zM8 2.7c-2.9 0-4.8.8-4.8 1.3S5.1 5.3 8 5.3 12.8 4.5 12.8 4 10.9 2.7 8 2.7z" fill-rule="evenodd"/>',
);

/** A search: points that close in on the best. */
export const studyIcon = draw(
  "study",
  '<path d="M8 1.5A6.5 6.5 0 1 1 1.5 8 6.5 6.5 0 0 1 8 1.5zm0 1.2A5.3 5.3 0 1 0 13.3 8 5.3 5.3 0 0 0 8 2.7zm0 2.1A3.2 3.2 0 1 1 4.8 8 3.2 3.2 0 0 1 8 4.8zM8 6a2 2 0 1 0 2 2 2 2 0 0 0-2-2zm0 1.2a.8.8 0 1 1-.8.8.8.8 0 0 1 .8-.8z" fill-rule="evenodd"/>',
);

/** Models by rank: a podium. */
export const leaderboardIcon = draw("leaderboard", '<path d="M5.8 3.5h4.4v10.5H5.8zM1.5 7h3.6v7H1.5zm9.4 2h3.6v5h-3.6z"/>');

/** Long work: a clock. */
export const jobsIcon = draw(
  "jobs",
  '<path d="M8 1.5A6.5 6.5 0 1 1 1.5 8 6.5 6.5 0 0 1 8 1.5zm0 1.2A5.3 5.3 0 1 0 13.3 8 5.3 5.3 0 0 0 8 2.7zM8.6 4.2v3.5l2.6 1.5-.6 1-3.2-1.8V4.2z" fill-rule="evenodd"/>',
);

/** Something is beyond its bounds: a bell. */
export const alertsIcon = draw(
  "alerts",
  '<path d="M8 1.5c.5 0 .9.4.9.9v.3c1.9.4 3.2 2 3.2 4v3l1.4 1.9v.8H2.5v-.8l1.4-1.9v-3c0-2 1.3-3.6 3.2-4v-.3c0-.5.4-.9.9-.9zm0 2.4c-1.6 0-2.9 1.200-2.9 2.8v3.4l-.8 1.1h7.400l-.8-1.1V6.700c0-1.6-1.3-2.8-2.9-2.8zM6.500 13.2h3c0 .8-.7 1.4-1.500 1.4s-1.500-.6-1.500-1.4z" fill-rule="evenodd"/>',
);
