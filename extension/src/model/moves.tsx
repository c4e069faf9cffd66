import { Notification, showErrorMessage } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { CheckReport, ModelVersion, VersionStatus } from "assay-lab/contract";
import React from "react";
import type { Api } from "../api";
import { askForm, textOf } from "../elements/ask-form";
import { modelRoutes } from "../model-routes";
import { MoveFields } from "./MoveFields";

/** What may be done to a version. */
type Move = "promote" | "demote" | "archive" | "rollback";

/** The moves that a version's status allows, the most likely first. */
export function movesOf({ version_status: status, created_at }: ModelVersion, production: ModelVersion | undefined): Move[] {
  switch (status) {
    case "training":
      return ["promote", "archive"];
    case "staged":
      return ["promote", "demote", "archive"];
    case "production":
      return ["demote", "archive"];
    case "archived":
      return production && created_at < production.created_at ? ["rollback", "promote"] : ["promote", "rollback"];
  }
}

/** Where a move leads. */
function statusAfter(status: VersionStatus, move: Move): VersionStatus {
  if (move === "archive") return "archived";
  if (move === "rollback") return "production";
  if (move === "demote") return status === "production" ? "staged" : "training";
  return status === "staged" ? "production" : "staged";
}

/** The move that leads a version to a status; undefined where none does. */
export function moveTo(version: ModelVersion, to: VersionStatus, production: ModelVersion | undefined): Move | undefined {
  return movesOf(version, production).find((move) => statusAfter(version.version_status, move) === to);
}

/** The word of each move. */
export function moveWords(trans: TranslationBundle): Record<Move, string> {
  return {
    promote: trans.__("Promote"),
    demote: trans.__("Demote"),
    archive: trans.__("Archive"),
    rollback: trans.__("Roll back"),
  };
}

/** Shows what a move changes and how its checks go, asks for a reason, and moves the version; true when it moved. */
export async function moveVersion(
  api: Api,
  trans: TranslationBundle,
  version: ModelVersion,
  move: Move,
  production: ModelVersion | undefined,
): Promise<boolean> {
  const cited = `${version.name}@${version.version}`;
  const to = statusAfter(version.version_status, move);
  const titles: Record<Move, string> = {
    promote: trans.__("Promote %1?", cited),
    demote: trans.__("Demote %1?", cited),
    archive: trans.__("Archive %1?", cited),
    rollback: trans.__("Roll back to %1?", cited),
  };
  try {
    const report = to === "production" ? await modelRoutes.checks(api, version.model_id) : null;
    const form = await askForm(trans, {
      title: titles[move],
      accept: moveWords(trans)[move],
      fields: (
        <MoveFields
          trans={trans}
          changes={changesOf(trans, version, to, production)}
          report={report}
          isRefused={isRefused(report, move)}
        />
      ),
    });
    if (!form) return false;
    const body = {
      reason: textOf(form, "reason"),
      force: form.has("force"),
      ...(to === "production" && { expected_production: production?.version ?? null }),
    };
    const { model } =
      move === "rollback"
        ? await modelRoutes.rollback(api, version.name, version.version, body)
        : await modelRoutes.move(api, version.model_id, move, body);
    Notification.success(trans.__("%1 is %2.", cited, model.version_status), { autoClose: 4000 });
    return true;
  } catch (error) {
    await showErrorMessage(trans.__("Not moved"), error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** A roll-back is not refused by checks: what is put back answered before. */
function isRefused(report: CheckReport | null, move: Move): boolean {
  return move === "promote" && report !== null && report.required && !report.passed;
}

function changesOf(
  trans: TranslationBundle,
  version: ModelVersion,
  to: VersionStatus,
  production: ModelVersion | undefined,
): string[] {
  const changes = [trans.__("%1: %2 → %3", version.version, version.version_status, to)];
  if (to === "production") {
    if (production) changes.push(trans.__("%1: production → archived; it can be put back", production.version));
    changes.push(
      trans.__(
        "Who asks for %1 or %2 is answered by %3 from then on.",
        version.name,
        `${version.name}@production`,
        version.version,
      ),
    );
  } else if (version.version_status === "production")
    changes.push(trans.__("No version will be in production: who asks for %1 is refused.", `${version.name}@production`));
  if (to === "archived" && version.aliases.length > 0)
    changes.push(trans.__("It keeps its aliases: %1.", version.aliases.join(", ")));
  return changes;
}
