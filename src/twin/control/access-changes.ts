import { z } from "zod";

/** What may be said of a user's access, when it is made and when it is edited. */
export const accessChanges = {
  permission_sets: z.array(z.string()).optional(),
  role: z.string().optional(),
  last_login: z.iso.datetime({ offset: true }).nullable().optional(),
  activated: z.boolean().optional(),
};
