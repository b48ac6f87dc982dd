import { z } from "zod";

/**
 * Pipedrive's answers as far as we depend on them. What we need is required, everything else may be there, null or
 * absent: real accounts leave out keys that the documents show, and add others.
 */

const id = z.number().int().positive();

export const crmRecord = z.looseObject({
  id,
  update_time: z.string().min(1),
  is_deleted: z
    .boolean()
    .nullish()
    .transform((deleted) => deleted ?? undefined),
  custom_fields: z.record(z.string(), z.unknown()),
});

/** `{ success, data, … }` around something that has to be there. */
export const enveloped = <T extends z.ZodType>(data: T) => z.object({ data });

/** v2 lists: the next cursor is null or absent on the last page. */
export const cursorPage = <T extends z.ZodType>(item: T) =>
  z.object({
    data: z.array(item).nullable(),
    additional_data: z.object({ next_cursor: z.string().nullish() }).nullish(),
  });

export interface CursorPage<T> {
  data: T[] | null;
  additional_data?: { next_cursor?: string | null } | null;
}

/** v1 lists: offset and a flag. */
export const offsetPage = <T extends z.ZodType>(item: T) =>
  z.object({
    data: z.array(item).nullish(),
    additional_data: z
      .object({
        pagination: z
          .object({ more_items_in_collection: z.boolean().nullish(), next_start: z.number().nullish() })
          .nullish(),
      })
      .nullish(),
  });

export const searchPage = z.object({
  data: z.object({ items: z.array(z.object({ item: z.object({ id }) })) }),
  additional_data: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

export const fieldSearchPage = z.object({
  data: z.array(z.object({ id })),
  additional_data: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

const option = z.object({
  id: z.union([z.number(), z.string(), z.boolean().transform(String)]), // booleans on some built-in fields
  label: z.string(),
  add_time: z.string().nullish().catch(undefined), // a hint for people: what cannot be read must not take the option along
});
export const optionList = z.array(option);

const requiredFields = z.object({
  enabled: z
    .boolean()
    .nullish()
    .transform((enabled) => enabled ?? false),
  stage_ids: z.array(z.number()).nullish(),
  statuses: z.record(z.string(), z.array(z.string())).nullish(),
});

export const fieldDefinition = z.object({
  field_code: z.string().min(1),
  field_name: z.string(),
  field_type: z.string(),
  is_custom_field: z.boolean(),
  options: optionList.nullish().transform((options) => options ?? null),
  // Nothing depends on it but a warning: what cannot be read must not take the field with it.
  required_fields: requiredFields.nullish().catch(null),
});

const flag = z.union([z.boolean(), z.literal([0, 1]).transform((flag) => flag === 1)]);
const missingAsFalse = flag.nullish().transform((set) => set ?? false);

export const pipeline = z.object({ id, name: z.string(), is_deleted: missingAsFalse });
export const stage = z.object({ id, name: z.string(), pipeline_id: id, is_deleted: missingAsFalse });

const userShape = z.object({
  id,
  name: z.string(),
  email: z
    .string()
    .nullish()
    .transform((email) => email ?? ""),
  active_flag: flag,
  is_deleted: missingAsFalse,
  is_admin: flag.nullish(),
  access: z.array(z.object({ app: z.string(), admin: missingAsFalse })).nullish(),
});

/** Older answers say `is_admin`, newer ones list an admin flag per app: both become `access`. */
function withAccess<T extends z.infer<typeof userShape>>({ is_admin, access, ...user }: T) {
  if (access) return { ...user, access };
  if (is_admin === null || is_admin === undefined) return user;
  return { ...user, access: ["global", "sales"].map((app) => ({ app, admin: is_admin })) };
}

export const user = userShape.transform(withAccess);
export const me = userShape
  .extend({
    company_id: id,
    company_domain: z.string().min(1),
    company_name: z.string(),
    default_currency: z.string().nullish().catch(undefined), // a proposal, no more
  })
  .transform(withAccess);

export const note = z.object({
  id,
  content: z
    .string()
    .nullish()
    .transform((content) => content ?? ""),
});

export const created = z.object({ id });

export const webhook = z.object({
  id,
  subscription_url: z.string(),
  event_object: z.string(),
  event_action: z.string(),
  is_active: flag,
});

/** Kept as answered, with all members: it is evidence. */
const answeredFlag = z.union([z.boolean(), z.literal([0, 1])]);
export const accessUser = z.looseObject({
  id,
  name: z.string(),
  email: z.string().nullish(),
  active_flag: answeredFlag,
  is_deleted: answeredFlag.nullish(),
  activated: answeredFlag.nullish(),
  last_login: z.string().nullish(),
  created: z.string().nullish(),
  role_id: z.number().nullish(),
  is_admin: answeredFlag.nullish(),
  access: z
    .array(z.looseObject({ app: z.string(), admin: answeredFlag.nullish(), permission_set_id: z.string().nullish() }))
    .nullish(),
});

export const permissionSet = z.object({
  id: z.string().min(1),
  name: z.string(),
  app: z.string(),
  type: z
    .string()
    .nullish()
    .transform((type) => type ?? null),
});

const contents = z.object({ contents: z.array(z.string()) });
/** The documents describe an object, and show it inside of a list. */
export const permissionSetContents = z.union([
  contents.transform((set) => set.contents),
  z.tuple([contents]).transform(([set]) => set.contents),
]);

export const role = z.object({
  id,
  name: z.string(),
  parent_role_id: z
    .number()
    .nullish()
    .transform((parent) => parent ?? null),
});

export const userOfAssignment = z.object({ user_id: id }).transform(({ user_id }) => user_id);
