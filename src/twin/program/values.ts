import { z } from "zod";
import { CONTACT_ROLES, type Money } from "./model.ts";

/**
 * Values as a portal keeps them, which is seldom how they were typed: text trimmed, phones reduced to digits, money
 * cut to what the currency can pay, e-mail in lower case. Whoever compares with what was sent has to expect that.
 */

/** Empty text and no text are the same. */
export const text = z
  .string()
  .max(4_000)
  .transform((value) => value.trim() || null)
  .nullable();

export const requiredText = z.string().max(1_000).trim().min(1);

export const email = z.string().trim().toLowerCase().pipe(z.email().max(254));

export const optionalEmail = z.preprocess((value) => (value === "" ? null : value), email.nullable());

export const phone = z
  .string()
  .max(64)
  .transform((value) => value.replace(/\D/g, "") || null)
  .nullable();

export const day = z.preprocess((value) => (value === "" ? null : value), z.iso.date().nullable());

export const instant = z.iso
  .datetime({ offset: true })
  .transform((value) => new Date(value).toISOString())
  .nullable();

const currency = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{3}$/);

export const money = z.strictObject({ value: z.number(), currency }).transform(toPayable).nullable();

/** What a currency can pay: whole yen, cents of a euro, thousandths of a dinar. */
function toPayable({ value, currency: code }: Money): Money {
  const digits = new Intl.NumberFormat("en", { style: "currency", currency: code }).resolvedOptions()
    .maximumFractionDigits;
  return { value: Number(value.toFixed(digits ?? 2)), currency: code };
}

export const productKeys = z.array(z.string().trim().min(1).max(100)).max(100);

/** Members of a partner that may be written; an absent one stays as it is. */
export const partnerFields = z
  .strictObject({
    name: requiredText,
    website: text,
    type: text,
    tier: text,
    region: text,
    country: text,
    manager_email: optionalEmail,
  })
  .partial();
export type PartnerFields = z.infer<typeof partnerFields>;

export const contactFields = z
  .strictObject({
    email,
    first_name: text,
    last_name: text,
    phone,
    job_title: text,
    role: z.enum(CONTACT_ROLES),
  })
  .partial();
export type ContactFields = z.infer<typeof contactFields>;

const absent = null;

export const prospectContact = z.strictObject({
  first_name: text.default(absent),
  last_name: text.default(absent),
  email: optionalEmail.default(absent),
  phone: phone.default(absent),
  job_title: text.default(absent),
});

export const prospect = z.strictObject({
  account: z.strictObject({
    name: requiredText,
    legal_name: text.default(absent),
    domain: text.transform((value) => value && toDomain(value)).default(absent),
    country: text.default(absent),
    address: text.default(absent),
    industry: text.default(absent),
  }),
  contact: prospectContact.default(prospectContact.parse({})),
});

export const registrationFields = z
  .strictObject({
    title: requiredText,
    description: text,
    prospect,
    contact: prospectContact,
    products: productKeys,
    amount: money,
    expected_close_date: day,
  })
  .partial();
export type RegistrationFields = z.infer<typeof registrationFields>;

/** `https://www.Acme.example/en` and `acme.example` name one domain. Null when there is none in it. */
export function toDomain(website: string): string | null {
  const address = /^[a-z]+:\/\//i.test(website) ? website : `https://${website}`;
  if (!URL.canParse(address)) return null;
  const host = new URL(address).hostname.replace(/^www\./, "");
  return host.includes(".") ? host : null;
}
