import pino from "pino";

export type Logger = pino.Logger;

/** Names under which secrets travel. A second net: what serializers let through is chosen below. */
const SECRET = ["authorization", "password", "token", "apiToken", "accessToken", "refreshToken", "secret", "masterKey"];

/**
 * A logger that writes JSON lines to stderr, so that stdout stays for a command's answer.
 *
 * Errors and requests are logged by a list of what may be shown: an axios error carries headers, body and URL, and
 * none of them may reach a log.
 *
 * @param options.level pino's level, or "silent"
 * @param options.pretty for people at a terminal
 */
export function createLogger(options: { level: string; pretty?: boolean }, stream?: pino.DestinationStream): Logger {
  return pino(
    {
      level: options.level,
      base: undefined, // pid and host: the platform that collects logs knows them
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`]), censor: "[secret]" },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args as unknown[];
          const words = first instanceof Error && rest.length === 0 ? [{ err: first }, first.message] : args;
          const shown = words.map((word) => (typeof word === "string" ? withoutSecrets(word) : word));
          method.apply(this, shown as Parameters<typeof method>);
        },
      },
      serializers: {
        err: errorForLog,
        error: errorForLog,
        cause: errorForLog,
        req: requestForLog,
        res: responseForLog,
      },
    },
    stream ?? destination(options.pretty ?? false),
  );
}

function destination(pretty: boolean): pino.DestinationStream {
  if (!pretty) return pino.destination({ dest: 2, sync: true });
  return pino.transport({ target: "pino-pretty", options: { destination: 2, ignore: "pid,hostname" } });
}

interface LoggedError {
  type: string;
  message: string;
  code?: string;
  status?: number;
  stack?: string;
  cause?: LoggedError;
}

/** What may be shown of an error: name, message, code, HTTP status, stack, and the same of its cause. */
export function errorForLog(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: "not an Error" };
  const { code, status } = error as { code?: unknown; status?: unknown };
  return {
    type: error.name,
    message: withoutSecrets(error.message),
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof status === "number" ? { status } : {}),
    ...(error.stack ? { stack: withoutSecrets(error.stack) } : {}),
    ...(error.cause && depth < 3 ? { cause: errorForLog(error.cause, depth + 1) } : {}),
  };
}

/** Libraries put connection strings and query strings into their messages. */
function withoutSecrets(text: string): string {
  return text
    .replace(/(\w+:\/\/)[^\s/@]+@/g, "$1[secret]@")
    .replace(/\b(api_token|token|code|client_secret|access_token|refresh_token|password)=[^\s&"']+/gi, "$1=[secret]");
}

function requestForLog(request: { id?: unknown; method?: unknown; routeOptions?: { url?: unknown } }) {
  // The route, not the URL: paths carry connection tokens, queries carry OAuth codes.
  return { id: request.id, method: request.method, route: request.routeOptions?.url };
}

function responseForLog(response: { statusCode?: unknown }) {
  return { status: response.statusCode };
}
