import { ask } from "./dom.js";

/* What an administrator changes in the account's settings: the sync has to notice it by itself. */

const RIGHTS = ["hidden", "locked"];
const text = (name, label, value) => ({ name, label, type: "text", value });

/** Fields and stages of a company, as two tables. */
export function settingsTables(company) {
  return [fieldTable(company), stageTable(company)];
}

function fieldTable({ domain, fields }) {
  const rows = Object.entries(fields).flatMap(([object, labelled]) =>
    Object.entries(labelled).map(([label, { type, restricted = "" }]) => ({
      id: `${object}-${label}`,
      cells: [object, label, type, restricted],
      edit: {
        heading: `${label} of ${object}`,
        fields: [
          { ...text("type", "Type", type), hint: "of the API, e.g. varchar" },
          { name: "as", label: "For users who are no administrators", options: RIGHTS, value: restricted },
        ],
        async save({ type: retyped, as }) {
          if (retyped) await ask(`/companies/${domain}/retype`, { object, label, type: retyped });
          if (as !== undefined) await ask(`/companies/${domain}/restrict`, { object, label, as });
        },
      },
    })),
  );
  return { key: "field", title: "Settings: fields", columns: ["Object", "Field", "Type", "Right"], rows };
}

function stageTable({ domain, pipelines, archived }) {
  const open = pipelines.flatMap(({ name, stages }) => stages.map((one) => ({ pipeline: name, stage: one.name })));
  const all = [...open.map((one) => ({ ...one, is: "" })), ...archived.map((one) => ({ ...one, is: "archived" }))];
  const rows = all.map(({ pipeline, stage, is }) => ({
    id: `${pipeline}-${stage}`,
    deleted: is !== "",
    cells: [pipeline, stage, is],
    edit: {
      heading: `${pipeline}: ${stage}`,
      fields: [text("name", "Name", stage), { name: "is", label: "State", options: ["archived"], value: is }],
      save: ({ name, is: next }) =>
        ask(`/companies/${domain}/stage`, {
          ...{ pipeline, stage },
          ...(name && { name }),
          ...(next !== undefined && { archived: next !== null }),
        }),
    },
  }));
  return { key: "stage", title: "Settings: stages", columns: ["Pipeline", "Stage", "State"], rows };
}
