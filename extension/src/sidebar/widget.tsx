import React from "react";
import { sidebarId } from "../commands";
import { Offline } from "../elements/states";
import { assayIcon } from "../icons";
import { PanelWidget, type Surroundings } from "../panel";
import { SidebarPanel } from "./Panel";

/** The sidebar's widget. */
export function sidebar(surroundings: Surroundings): PanelWidget {
  const draw = () => (
    <>
      <Offline />
      <SidebarPanel />
    </>
  );
  const widget = new PanelWidget(surroundings, draw);
  widget.id = sidebarId;
  widget.title.icon = assayIcon;
  widget.title.caption = surroundings.trans.__("Assay");
  widget.node.setAttribute("role", "region");
  widget.node.setAttribute("aria-label", surroundings.trans.__("Assay"));
  return widget;
}
