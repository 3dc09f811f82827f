// A provider of OpenID Connect for the tests, which lets in whoever the address of its own page names:
//   node provider.mjs PORT REDIRECT_URI
// An account is written SUBJECT|ADDRESS|VERIFIED.
import Provider from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const known = new Map();
const client = (id) => ({
  client_id: id,
  client_secret: `${id} has a secret of its own`,
  redirect_uris: [redirect],
});

const provider = new Provider(`http://localhost:${port}`, {
  clients: [client("desk"), client("other")],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  features: { devInteractions: { enabled: false } },
  cookies: { keys: ["only for the tests"] },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...known.get(sub) }) }),
  loadExistingGrant: async (context) => {
    const { client: { clientId }, session: { accountId } } = context.oidc;
    const grant = new context.oidc.provider.Grant({ clientId, accountId });
    grant.addOIDCScope("openid email");
    await grant.save();
    return grant;
  },
});

provider.use(async (context, next) => {
  const found = /^\/interaction\/[\w-]+$/u.test(context.path);
  if (!found) return next();
  const [accountId, email, verified] = context.query.as?.split("|") ?? [];
  known.set(accountId, { email, email_verified: verified === "yes" });
  const result = accountId ? { login: { accountId } } : { error: "access_denied" };
  await provider.interactionFinished(context.req, context.res, result);
  context.respond = false;
});

provider.listen(Number(port), "localhost", () => console.log("ready"));
