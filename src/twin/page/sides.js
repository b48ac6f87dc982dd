import { ask, shown } from "./dom.js";
import { settingsTables } from "./settings.js";

/*
 * What both sides show: for each kind of record its columns, and what a person may change of it. A field is
 * `{ name, label, type, options?, value }`; `save` gets the fields that were changed, by name.
 */

const PIPEDRIVE = {
  organization: {
    title: "Organizations",
    system: [{ name: "name", label: "Name" }],
  },
  person: {
    title: "Persons",
    system: [
      { name: "name", label: "Name" },
      { name: "emails", label: "Email", type: "emails" },
      { name: "organization", label: "Organization (id)", type: "number", from: "org_id" },
    ],
  },
  deal: {
    title: "Deals",
    system: [
      { name: "title", label: "Title" },
      { name: "value", label: "Value", type: "number" },
      { name: "currency", label: "Currency" },
      { name: "stage_id", label: "Stage", type: "stage" },
      { name: "status", label: "Status", options: ["open", "won", "lost"] },
      { name: "lost_reason", label: "Lost reason" },
      { name: "expected_close_date", label: "Expected close date" },
      { name: "organization", label: "Organization (id)", type: "number", from: "org_id" },
      { name: "person", label: "Person (id)", type: "number", from: "person_id" },
    ],
  },
};

/** Types of custom fields that can be typed in here; the others are only shown. */
const TYPED = { double: "number", org: "number", people: "number", set: "list" };
const UNTYPED = ["monetary", "address", "daterange", "timerange", "time"];

/** The Pipedrive side of a company: a table per object. */
export async function pipedriveSide(domain) {
  const company = await ask(`/companies/${domain}`);
  const objects = Object.keys(PIPEDRIVE);
  const lists = await Promise.all(objects.map((object) => ask(`/companies/${domain}/records/${object}`)));
  const records = objects.map((object, i) => pipedriveTable(company, object, lists[i].records));
  return [...records, ...settingsTables(company)];
}

function pipedriveTable(company, object, records) {
  const { title, system } = PIPEDRIVE[object];
  const custom = Object.entries(company.fields[object]);
  const save = (record) => async (set) => {
    const id = record?.id === undefined ? {} : { id: record.id };
    await ask(`/companies/${company.domain}/edit`, { object, ...id, set });
  };
  const fieldsOf = (record) => [
    ...system.map((field) => ({ ...field, ...stagesOf(field, company), value: systemValue(record, field) })),
    ...custom
      .filter(([, { type }]) => !UNTYPED.includes(type))
      .map(([label, { type, options }]) => ({
        name: `label:${label}`,
        label,
        type: TYPED[type] ?? "text",
        ...(type === "enum" && { options: Object.keys(options ?? {}) }),
        value: customValue(record, label, type, company.fields[object][label].key),
      })),
  ];
  return {
    key: object,
    title,
    columns: ["id", ...system.map(({ label }) => label), ...custom.map(([label]) => label)],
    rows: records.map((record) => ({
      id: String(record.id),
      deleted: record.is_deleted === true,
      cells: [
        String(record.id),
        ...system.map(({ name, from }) => shown(record[from ?? name] ?? null)).map(stageName(record, system)),
        ...custom.map(([label]) => shown(record.labels[label])),
      ],
      edit: { heading: `${title.slice(0, -1)} ${record.id}`, fields: fieldsOf(record), save: save(record) },
    })),
    add: { heading: `New ${object}`, fields: fieldsOf(null), save: save(null) },
  };
}

/** Stages by name: a number says nothing to people. */
const stageName = (record, system) => (text, i) => (system[i].type === "stage" ? shown(record.labels.Stage) : text);

function stagesOf({ type }, { pipelines }) {
  if (type !== "stage") return {};
  const stages = pipelines.flatMap((pipeline) =>
    pipeline.stages.map((one) => [one.id, `${pipeline.name}: ${one.name}`]),
  );
  return { type: "number", options: stages.map(([id]) => String(id)), labels: Object.fromEntries(stages) };
}

function systemValue(record, { name, from, type }) {
  const value = record?.[from ?? name] ?? null;
  return type === "emails" ? (value?.[0]?.value ?? "") : shown(value);
}

function customValue(record, label, type, key) {
  if (!record) return "";
  return type === "org" || type === "people" ? shown(record.custom_fields[key]) : shown(record.labels[label]);
}

const PARTNER_STATUS = ["active", "inactive", "pending"];
const text = (name, label, value) => ({ name, label, type: "text", value: shown(value) });

/** The partner program's side of a tenant. Without one: what only posts has none here. */
export async function programSide(tenant) {
  const { partner, contact, deal_registration } = await ask(`/program/${tenant}/aggregates`);
  const act = (body) => ask(`/program/${tenant}/act`, body);
  return [partnerTable(partner, act), contactTable(contact, act), registrationTable(deal_registration, act)];
}

function partnerTable(partners, act) {
  const fields = (one = {}) => [
    text("name", "Name", one.name),
    { name: "status", label: "Status", options: PARTNER_STATUS, value: one.status ?? "active" },
    ...["website", "tier", "type", "region", "country"].map((name) => text(name, name, one[name])),
    text("manager_email", "Manager's e-mail", one.manager_email),
  ];
  return {
    key: "partner",
    title: "Partners",
    columns: ["id", "Name", "Status", "Website", "Tier", "Region", "Organization"],
    rows: partners.map((one) => ({
      id: one.partner_id,
      deleted: one.archived_at !== null,
      cells: [one.partner_id, one.name, one.status, one.website, one.tier, one.region, one.crm.org_id].map(shown),
      edit: {
        heading: `Partner ${one.name}`,
        fields: fields(one),
        async save({ status, ...rest }) {
          const of = { partner_id: one.partner_id };
          if (Object.keys(rest).length > 0) await act({ action: "edit_partner", ...of, fields: rest });
          if (status !== undefined) await act({ action: "set_partner_status", ...of, status });
        },
      },
    })),
    add: { heading: "New partner", fields: fields(), save: (given) => act({ action: "create_partner", ...given }) },
  };
}

const CONTACT_NAMES = ["email", "first_name", "last_name", "phone", "job_title"];

function contactTable(contacts, act) {
  const role = (value) => ({ name: "role", label: "Role", options: ["owner", "executive", "manager", "sales"], value });
  return {
    key: "contact",
    title: "Contacts",
    columns: ["id", "Name", "E-mail", "Partner", "Role", "Status", "Person"],
    rows: contacts.map((one) => ({
      id: one.partner_user_id,
      cells: [
        one.partner_user_id,
        [one.first_name, one.last_name].filter(Boolean).join(" "),
        ...[one.email, one.partner_id, one.role, one.status, one.crm.person_id],
      ].map(shown),
      edit: {
        heading: `Contact ${one.email}`,
        fields: [
          ...CONTACT_NAMES.map((name) => text(name, name.replace("_", " "), one[name])),
          role(one.role),
          { name: "status", label: "Status", options: ["active", "disabled"], value: one.status },
        ],
        async save({ status, ...rest }) {
          const of = { contact_id: one.partner_user_id };
          if (Object.keys(rest).length > 0) await act({ action: "edit_contact", ...of, fields: rest });
          if (status !== undefined) await act({ action: "set_contact_status", ...of, status });
        },
      },
    })),
    add: {
      heading: "New contact",
      fields: [
        text("partner_id", "Partner (id)"),
        ...CONTACT_NAMES.map((name) => text(name, name.replace("_", " "))),
        role("sales"),
      ],
      save: (given) => act({ action: "register_contact", ...given }),
    },
  };
}

const REVIEW = [
  "in_review",
  "action_required",
  "submitted",
  "approved",
  "rejected",
  "withdrawn",
  "cancelled",
  "expired",
];

function registrationTable(registrations, act) {
  const common = (one = {}) => [
    text("title", "Title", one.title),
    { name: "value", label: "Amount", type: "number", value: shown(one.amount?.value) },
    text("currency", "Currency", one.amount?.currency ?? "EUR"),
    text("expected_close_date", "Expected close date", one.expected_close_date),
    text("description", "Description", one.description),
  ];
  const withAmount = ({ value, currency, ...rest }, one) => {
    if (value === undefined && currency === undefined) return rest;
    const amount = { value: value ?? one?.amount?.value ?? 0, currency: currency ?? one?.amount?.currency ?? "EUR" };
    return { ...rest, amount };
  };
  return {
    key: "deal_registration",
    title: "Registrations",
    columns: ["id", "Title", "Review", "Sale", "Stage", "Amount", "Close date", "Customer", "Deal"],
    rows: registrations.map((one) => ({
      id: one.registration_id,
      cells: [
        ...[one.registration_id, one.title, one.review.status, one.sales.status, one.sales.stage_key, one.amount],
        ...[one.expected_close_date, one.prospect.account.name, one.crm.deal_id],
      ].map(shown),
      edit: {
        heading: `Registration ${one.title}`,
        fields: [
          ...common(one),
          { name: "to", label: "Review", options: [one.review.status, ...REVIEW], value: one.review.status },
          { ...text("reason", "Reason of the review step", ""), hint: "rejected wants a code, e.g. too_early" },
        ],
        async save({ to, reason, ...rest }) {
          const of = { registration_id: one.registration_id };
          const fields = withAmount(rest, one);
          if (Object.keys(fields).length > 0) await act({ action: "edit_registration", ...of, fields });
          if (to !== undefined) await act({ action: "review", ...of, to, ...(reason && { reason }) });
        },
      },
    })),
    add: {
      heading: "New registration",
      fields: [
        text("partner_id", "Partner (id)"),
        text("submitted_by", "Contact (id)"),
        ...common(),
        ...[text("account", "Customer"), text("domain", "Customer's domain")],
        ...[text("first_name", "First name"), text("last_name", "Last name"), text("email", "E-mail")],
      ],
      save({ account, domain, first_name, last_name, email, ...rest }) {
        const prospect = { account: { name: account, domain }, contact: { first_name, last_name, email } };
        return act({
          action: "submit_registration",
          ...withAmount(rest),
          prospect: JSON.parse(JSON.stringify(prospect)),
        });
      },
    },
  };
}
