import { readFile } from "node:fs/promises";
import * as ml from "assay";
import { askPrepared } from "../../db/database.ts";
import type { Session } from "../../projects/session.ts";
import { findVersion } from "../../registry/index.ts";
import { type FindCandidates, findCandidates } from "./candidates.ts";
import { type Offers, offersOf } from "./nearest-offers.ts";
import type { ItemFacts } from "./read-interactions.ts";

/** Which recommender answers: by its id, as a registered version, or the newest. */
interface WhichRecommender {
  readonly recommender_id?: string | undefined;
  /** `name@version`, `name@production`, `name@alias`, `name`, or a version's id. */
  readonly model?: string | undefined;
}

/** A recommender in memory. */
export interface OpenRecommender {
  readonly id: string;
  readonly algorithm: string;
  /** How it is registered, where it was asked for so. */
  readonly version: string | null;
  readonly model: ml.RecommenderModel;
  /** By item, as text. */
  readonly facts: ReadonlyMap<string, ItemFacts>;
  /** What the items offer, in the order of the candidates' facts. */
  readonly offers: Offers;
  /** When the rows of the fit were made: who was erased since is known no more. */
  readonly rowsAt: Date;
  /** Users of the fit. */
  readonly known: ReadonlySet<ml.ItemId>;
  readonly candidatesOf: FindCandidates;
}

/** An item that was found, with what is known of it. */
export function itemWithFacts({ facts }: Pick<OpenRecommender, "facts">, { item, score }: ml.Recommendation) {
  const { category = null, region = null } = facts.get(String(item)) ?? {};
  return { item_id: String(item), score, category, region };
}

/** A recommender as the database knows it: nothing of it ever changes. */
interface StoredRecommender {
  readonly id: string;
  readonly algorithm: string;
  readonly file: string;
  readonly items_file: string;
  /** When the rows were made that it was fitted on. */
  readonly rowsAt: Date;
}

type Loaded = Omit<OpenRecommender, "version">;

/** Recommenders that are kept in memory, the least recently asked first. */
const openMost = 4;
const opened = new Map<string, { readonly projectId: string; readonly loaded: Promise<Loaded> }>();

/**
 * Opens a recommender of the project. A version that was archived answers only where a test that runs asks it (`evenArchived`). Throws NotFoundError
 * for one that is not there, ConflictError for an archived version, ParamsError for a model that recommends nothing.
 */
export async function openRecommender(
  session: Session,
  which: WhichRecommender = {},
  { evenArchived = false }: { readonly evenArchived?: boolean } = {},
): Promise<OpenRecommender> {
  const { version, runId } = which.model === undefined ? {} : await versionOf(session, which.model, evenArchived);
  const there = runId === undefined && which.recommender_id !== undefined && kept(session, which.recommender_id);
  if (there) return { ...(await there), version: null };
  const [row] = await findRow(session, runId, which.recommender_id);
  if (!row) throw new ml.NotFoundError(`recommend: ${missing(which, version)}`);
  return { ...(await (kept(session, row.id) ?? open(session, row))), version: version ?? null };
}

const columns = `select id, algorithm, file, items_file, coalesce(
    (select v.created_at from dataset_versions v join datasets d on d.id = v.dataset_id
      where d.project_id = r.project_id and d.name || '@' || v.version = r.dataset limit 1), r.created_at) as "rowsAt"
  from recommenders r where r.project_id = $1`;
const statements = {
  newest: { name: "newest recommender", text: `${columns} order by id desc limit 1` },
  ofRun: { name: "recommender of a run", text: `${columns} and run_id = $2 order by id desc limit 1` },
  byId: { name: "recommender by id", text: `${columns} and id = $2` },
};

function findRow({ db, projectId }: Session, runId: string | undefined, id: string | undefined): Promise<StoredRecommender[]> {
  if (runId !== undefined) return askPrepared(db, statements.ofRun, [projectId, runId]);
  if (id !== undefined) return askPrepared(db, statements.byId, [projectId, id]);
  return askPrepared(db, statements.newest, [projectId]);
}

function missing({ recommender_id }: WhichRecommender, version: string | undefined): string {
  if (version !== undefined) return `the recommender of ${version} was removed: train it again and deploy that`;
  if (recommender_id !== undefined) return `no recommender ${recommender_id}`;
  return "no recommender was trained; POST /api/ml/recommend/train";
}

async function versionOf(session: Session, ref: string, evenArchived: boolean) {
  const { name, version, status, task, run_id } = await findVersion(session, ref);
  const cited = `${name}@${version}`;
  if (task !== "recommendation")
    throw new ml.ParamsError(`recommend: ${cited} recommends nothing, it is for ${task}: ask it by POST /api/ml/models/predict`);
  if (status === "archived" && !evenArchived)
    throw new ml.ConflictError(`recommend: ${cited} is archived: promote it again, or ask for ${name}@production`);
  return { version: cited, runId: run_id ?? "00000000-0000-0000-0000-000000000000" };
}

/** A recommender of the project that is in memory. */
function kept({ projectId }: Session, id: string): Promise<Loaded> | undefined {
  const found = opened.get(id);
  if (found?.projectId !== projectId) return undefined;
  opened.delete(id);
  opened.set(id, found);
  return found.loaded;
}

function open(session: Session, row: StoredRecommender): Promise<Loaded> {
  const loaded = load(session, row);
  opened.set(row.id, { projectId: session.projectId, loaded });
  if (opened.size > openMost) opened.delete(opened.keys().next().value!);
  return loaded.catch((error) => {
    opened.delete(row.id);
    throw error;
  });
}

async function load({ store }: Session, { id, algorithm, file, items_file, rowsAt }: StoredRecommender): Promise<Loaded> {
  const model = ml.decodeModel<ml.RecommenderModel>(await readFile(await store.fetch(file)));
  const stored = JSON.parse(await readFile(await store.fetch(items_file), "utf8")) as ItemFacts[];
  const items = stored.sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    id,
    algorithm,
    rowsAt,
    model,
    facts: new Map(items.map((item) => [item.id, item])),
    offers: offersOf(items),
    known: new Set(ml.userIds(model)),
    candidatesOf: findCandidates(model, items),
  };
}
