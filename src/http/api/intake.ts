import { z } from "zod";
import { connectIntake, type IntakeConnected, rotateIntakeSecret } from "../../operations/connect-intake.ts";
import { documentInForce, tryIntake } from "../../operations/try-intake.ts";
import { PROGRAM_KINDS } from "../../sync/model.ts";
import { route } from "./route.ts";
import { address, connection, environment, line, tenantParams, text } from "./shapes.ts";

const connected = connection.extend({
  postUrl: z.string().describe("Where its workflows have to post. Shown this once: half of the secret."),
  header: z.string(),
  secret: z.string().describe("The value of that header. Shown this once."),
});

const publicUrl = address.optional().describe("Where the program reaches this server; default: its PUBLIC_URL.");

/** Programs that can only post workflow webhooks. */
export const intakeRoutes = [
  route({
    method: "POST",
    path: "/tenants/:tenant/connections/intake",
    role: "operator",
    reach: "tenant",
    tag: "Connections",
    summary: "Connect a partner program that can only post",
    description: "Makes the address and the secret that its workflows post with. Nothing is ever sent to it.",
    action: "connection.intake",
    params: tenantParams,
    body: z.object({ environment, publicUrl }),
    answer: connected,
    status: 201,
    answersSecret: true,
    async handle({ app, params, body, changed }) {
      const made = await connectIntake(app, { tenantId: params.tenant, ...body });
      changed({ target: targetOf(made), after: { state: made.state, environment: made.environment } });
      return made;
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/connections/intake/rotate-secret",
    role: "operator",
    reach: "tenant",
    tag: "Connections",
    summary: "Give the connected program that only posts a new address and secret",
    description: "Posts with the pair before are still taken in, until the next rotation.",
    action: "connection.rotate-secret",
    params: tenantParams,
    body: z.object({ publicUrl }),
    answer: connected,
    answersSecret: true,
    async handle({ app, params, body, changed }) {
      const rotated = await rotateIntakeSecret(app, params.tenant, body.publicUrl);
      changed({ target: targetOf(rotated) });
      return rotated;
    },
  }),
  route({
    method: "POST",
    path: "/tenants/:tenant/mapping/intake-try",
    role: "operator",
    reach: "tenant",
    tag: "Mappings",
    summary: "See the events that a pasted sample of a post would become",
    description: "Nothing is stored. By the document sent along, else by the one in force.",
    action: "mapping.intake-try",
    params: tenantParams,
    body: z.object({
      sample: text(262_144).describe("The body as the program posts it: JSON or form fields."),
      contentType: line(200).optional().describe("Default: JSON where it begins like it, else form fields."),
      document: text(500_000).optional().describe("A mapping document's text."),
    }),
    answer: z.object({
      events: z.array(
        z.object({
          type: z.string(),
          kind: z.enum(PROGRAM_KINDS),
          id: z.string(),
          eventId: z.string().nullable(),
          occurredAt: z.string().nullable(),
          data: z.record(z.string(), z.unknown()).describe("What the post tells; all else stays as it was."),
        }),
      ),
    }),
    // What people pasted is not kept either.
    answersSecret: true,
    async handle({ app, params: { tenant }, body: { sample, contentType, document } }) {
      const text = document ?? (await documentInForce(app, tenant));
      return { events: tryIntake(text, sample, contentType, tenant) };
    },
  }),
];

const targetOf = ({ id }: IntakeConnected) => `program connection ${id}`;
