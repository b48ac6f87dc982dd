/** Addresses as they are compared: without surrounding blanks, in lower case, in one Unicode form. */
export function normalEmail(address: string): string {
  return address.trim().normalize("NFC").toLowerCase();
}

/** Something with one @ and text on both sides: a roster is not the place to judge mail servers. */
export function looksLikeEmail(address: string): boolean {
  return address.length <= 254 && /^[^\s@"<>,;]+@[^\s@"<>,;]+$/.test(address);
}

/** `ana+crm@acme.example` → `ana@acme.example`. */
export function withoutPlusTag(address: string): string {
  const at = address.lastIndexOf("@");
  const plus = address.indexOf("+");
  return plus > 0 && plus < at ? address.slice(0, plus) + address.slice(at) : address;
}

export function localPart(address: string): string {
  return address.slice(0, Math.max(address.lastIndexOf("@"), 0));
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

const GENERIC = new Set(
  (
    "accounting accounts admin administrator api billing bookings careers contact crm dev finance hello help helpdesk " +
    "hr info integration integrations invoices it jobs mail marketing news newsletter no-reply noreply office " +
    "operations ops orders partner partners pipedrive postmaster press reception root sales sales-team salesteam " +
    "security service services shared staff support sync system team test webmaster"
  ).split(" "),
);

/**
 * Whether an address is by its name that of a function or a team: `info@`, `sales2@`, `integrations+x@`. The whole local
 * part has to be such a word: Dev Patel is a person.
 */
export function isGeneric(address: string): boolean {
  return GENERIC.has(localPart(withoutPlusTag(address)).replace(/\d+$/, ""));
}
