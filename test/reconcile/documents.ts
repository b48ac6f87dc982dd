import type { SystemOptions } from "../support/system.ts";

/** harbourline with a partner user's e-mail, phone and portal role kept in step as well. */
export const withContactDetails: NonNullable<SystemOptions["adjust"]> = (document) => {
  const always = { direction: "program_to_crm", write: "always" } as const;
  document.objects.person.extra.push(
    { program: "contact.email", system: "emails", ...always },
    { program: "contact.phone", system: "phones", ...always },
    {
      program: "contact.role",
      key: "0".repeat(40), // filled by its label
      label: "Portal role",
      type: "Single option",
      options: { owner: "Owner", executive: "Executive", manager: "Manager", sales: "Sales" },
      ...always,
    },
  );
};
