import type { Company } from "./company.ts";
import type { ObjectName, RecordData } from "./model.ts";

const words = (text: string): string[] => text.trim().split(/\s+/);

const SHARED = `next_activity_id last_activity_id email_messages_count activities_count done_activities_count
  undone_activities_count files_count notes_count followers_count smart_bcc_email`;
const DEALS_OF = `open_deals_count related_open_deals_count closed_deals_count related_closed_deals_count won_deals_count
  related_won_deals_count lost_deals_count related_lost_deals_count`;
const MAIL = "last_incoming_mail_time last_outgoing_mail_time";

/** Values of `include_fields`. */
export const INCLUDE_FIELDS: Record<ObjectName, readonly string[]> = {
  person: words(`${SHARED} ${DEALS_OF} ${MAIL} participant_open_deals_count participant_closed_deals_count
    marketing_status doi_status`),
  organization: words(`${SHARED} ${DEALS_OF} people_count`),
  deal: words(`${SHARED} ${MAIL} first_won_time products_count participants_count source_lead_id`),
};

/** The value of an optional field: deals, people and notes are counted, what the twin does not know is 0 or null. */
export function includedValue(company: Company, object: ObjectName, data: RecordData, name: string): unknown {
  const key = object === "person" ? "person_id" : object === "organization" ? "org_id" : "deal_id";
  const deals = /^(?:related_)?(open|closed|won|lost)_deals_count$/.exec(name)?.[1];
  if (deals) {
    return count(company.tables.deal.all(), ({ data: deal }) => {
      const status = deal.status === "open" ? ["open"] : ["closed", String(deal.status)];
      return deal[key] === data.id && !deal.is_deleted && status.includes(deals);
    });
  }
  if (name === "people_count") {
    return count(company.tables.person.all(), (row) => row.data.org_id === data.id && !row.data.is_deleted);
  }
  if (name === "notes_count") return count(company.notes.values(), (note) => note[key] === data.id);
  if (name === "first_won_time") return company.tables[object].get(data.id)?.firstWonTime ?? null;
  return name.endsWith("_count") ? 0 : null;
}

function count<T>(all: Iterable<T>, counts: (one: T) => boolean): number {
  let n = 0;
  for (const one of all) if (counts(one)) n += 1;
  return n;
}
