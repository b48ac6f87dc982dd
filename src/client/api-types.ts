// Made of the OpenAPI document by src/http/api/write-client-types.ts; not to be edited.

export interface paths {
    "/api/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What can be done in a Pipedrive account, for machines
         * @description Every action with its price, its scopes, and a JSON Schema of what it takes. Needs the role viewer.
         */
        get: operations["getActions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/actions/{action}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One action
         * @description Needs the role viewer.
         */
        get: operations["getActionsAction"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what to whom, from where, before and after
         * @description Newest first; with `oldestFirst` in the order of an export, which goes on where it ended. What concerns no tenant is shown to those who see all. Needs the role admin.
         */
        get: operations["getAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Connections by tenant, with why one is paused
         * @description Needs the role viewer.
         */
        get: operations["getConnections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a person has to look at, the latest first
         * @description Needs the role viewer.
         */
        get: operations["getFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is asking
         * @description Needs the role viewer.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/scopes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The scopes that an OAuth app has to ask for
         * @description Needs the role viewer.
         */
        get: operations["getScopes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tenants by id, with their connections and mapping
         * @description Needs the role viewer.
         */
        get: operations["getTenants"];
        put?: never;
        /**
         * Add a customer
         * @description Needs the role operator.
         */
        post: operations["postTenants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One tenant
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What runs found and nobody has mended, with due times
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantAccessFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/map": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say whose an account is, or what it is
         * @description By a signed-in person with an e-mail address; the newest word about an account counts. Needs the role operator.
         */
        post: operations["postTenantsTenantAccessMap"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The access policy in force, as it was loaded
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantAccessPolicy"];
        /**
         * Put an access policy in force, whole or not at all
         * @description Every fault is told with its place. Needs the role operator.
         */
        put: operations["putTenantsTenantAccessPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The last 50 reviews, the latest first
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantAccessReviews"];
        put?: never;
        /**
         * Begin the review of a run, on its snapshot for good
         * @description By a signed-in person with an e-mail address. A run has one review. Needs the role operator.
         */
        post: operations["postTenantsTenantAccessReviews"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/reviews/{review}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A review: its accounts, decisions, and what waits to be seen done
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantAccessReviewsReview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/reviews/{review}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a review in which every account is decided on
         * @description Refused on a stale roster or snapshot. Removals and changes stay open until a later snapshot shows them. Needs the role approver.
         */
        post: operations["postTenantsTenantAccessReviewsReviewComplete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/reviews/{review}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide on accounts: keep, remove or change; all of them or none
         * @description The reviewer is whoever is signed in; nobody decides on an account of their own. Keeping several at once, and changing, takes a comment. Nothing is removed by it in Pipedrive: that is done there or asked for, and a later snapshot shows it. Needs the role approver.
         */
        post: operations["postTenantsTenantAccessReviewsReviewDecisions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/reviews/{review}/removals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deactivate a user in Pipedrive whom a completed review wants removed
         * @description Only with `"confirm": true`, only where the policy in force has `"remediation": "on_request"`, by a signed-in person with an e-mail address, and neither for an account of their own nor for that of the connection's token. The review stays as it is: a later snapshot shows it done. Needs the role admin.
         */
        post: operations["postTenantsTenantAccessReviewsReviewRemovals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/roster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The roster in force, without the people on it
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantAccessRoster"];
        /**
         * Take a roster in, whole or not at all
         * @description CSV with a header row, UTF-8, 10 MiB at most. Every fault is told with its line. Needs the role operator.
         */
        put: operations["putTenantsTenantAccessRoster"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The last 50 assessments, the latest first, in numbers
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantAccessRuns"];
        put?: never;
        /**
         * Assess the newest snapshot by the roster, policy and map in force
         * @description Needs the role operator.
         */
        post: operations["postTenantsTenantAccessRuns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/runs/{run}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One assessment: accounts, checks and findings
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantAccessRunsRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/runs/{run}/evidence.zip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The evidence of a run and its review, as a zip
         * @description What it was made of byte for byte, what was concluded, and a manifest for `sha256sum -c`. Needs the role viewer.
         */
        get: operations["getTenantsTenantAccessRunsRunEvidenceZip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/access/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The last 50 snapshots, the latest first, without what they show
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantAccessSnapshots"];
        put?: never;
        /**
         * Read who can get into the account, and keep it
         * @description 42 tokens and 2 for each permission set. What completed reviews wanted removed or changed is looked for in it. Needs the role operator.
         */
        post: operations["postTenantsTenantAccessSnapshots"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fields on which both sides said something different, the latest first
         * @description Without values: those are shown one conflict at a time. Needs the role viewer.
         */
        get: operations["getTenantsTenantConflicts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/conflicts/{conflict}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One conflict with all that it rests on
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantConflictsConflict"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/conflicts/{conflict}/decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let one side's value stand
         * @description Refused (409 CONFLICT_CHANGED) when a side has changed since it was looked at. Needs the role operator.
         */
        post: operations["postTenantsTenantConflictsConflictDecide"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/conflicts/{conflict}/keep-apart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let both values stand
         * @description They are no conflict until one of them changes. Needs the role operator.
         */
        post: operations["postTenantsTenantConflictsConflictKeepApart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/conflicts/{conflict}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a decision back
         * @description The overwritten value is put back beside the one that won. Refused (409 CONFLICT_OVERTAKEN) when the field has changed since. Needs the role operator.
         */
        post: operations["postTenantsTenantConflictsConflictUndo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/connections/{connection}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send nothing over a connection
         * @description What comes in is kept, and worked on when the connection is resumed. Needs the role operator.
         */
        post: operations["postTenantsTenantConnectionsConnectionPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/connections/{connection}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a paused connection, once its cause is mended
         * @description Needs the role operator.
         */
        post: operations["postTenantsTenantConnectionsConnectionResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/connections/intake": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connect a partner program that can only post
         * @description Makes the address and the secret that its workflows post with. Nothing is ever sent to it. Needs the role operator.
         */
        post: operations["postTenantsTenantConnectionsIntake"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/connections/intake/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give the connected program that only posts a new address and secret
         * @description Posts with the pair before are still taken in, until the next rotation. Needs the role operator.
         */
        post: operations["postTenantsTenantConnectionsIntakeRotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/connections/pipedrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connect a Pipedrive account
         * @description Checks the API token and subscribes to changes. The connection before works until this one is complete. Needs the role operator.
         */
        post: operations["postTenantsTenantConnectionsPipedrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/connections/program": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connect a partner program that speaks the neutral HTTP form
         * @description The program is asked for an event first: one that refuses or does not answer is not connected. Needs the role operator.
         */
        post: operations["postTenantsTenantConnectionsProgram"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/connections/program/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give the connected program a new signing secret
         * @description It signs from then on; events signed with the one before are still taken in, until the next rotation. Give it to the program first. Needs the role operator.
         */
        post: operations["postTenantsTenantConnectionsProgramRotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/credentials/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find out what a Pipedrive token may do
         * @description Of the tenant's connection, or of an address and a token that are not connected yet. Needs neither mapping nor fields. At most 42 tokens, with test records 45 more; those stay in the account for the customer to delete. Needs the role operator.
         */
        post: operations["postTenantsTenantCredentialsValidate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/fields/provision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create what the account lacks of the six fields
         * @description Uses what is there, adds options that are missing, and touches nothing else; while anything is blocked it does nothing. Its price is told by `fields/verify`. Needs the role operator.
         */
        post: operations["postTenantsTenantFieldsProvision"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/fields/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What the account has of the six fields
         * @description 30 tokens. Changes nothing, and needs no mapping. Needs the role operator.
         */
        post: operations["postTenantsTenantFieldsVerify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/findings/{finding}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that a finding is dealt with
         * @description What is not mended raises it again. Needs the role operator.
         */
        post: operations["postTenantsTenantFindingsFindingClose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/four-eyes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Have a second person approve each mapping of a tenant, or not
         * @description Needs the role admin.
         */
        put: operations["putTenantsTenantFourEyes"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/history.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * History as CSV, the oldest first: of one record, or of all
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantHistoryCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/history/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hold history against its chain of digests
         * @description A page of up to 5,000 rows; `next` is the `after` of the page after, null behind the last one. Needs the role viewer.
         */
        post: operations["postTenantsTenantHistoryVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many records may be written to within a while, and whether writes are paused for it
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantLimits"];
        /**
         * Set how many records may be changed, cleared and created within a while, in either direction
         * @description What is left out stays as it is. Beyond a limit nothing is written until a person says so. Needs the role operator.
         */
        put: operations["putTenantsTenantLimits"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/limits/held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Some of the writes that were held, with what is there and what would be written
         * @description Opens what people's records hold: it is on record who looked. Needs the role operator.
         */
        get: operations["getTenantsTenantLimitsHeld"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/limits/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let what waits because it was too much go on, once
         * @description Needs the role operator.
         */
        post: operations["postTenantsTenantLimitsResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tie a record and an aggregate of the program together
         * @description Both are read (1 token) and brought into step by the mapping. An organization is a partner, or the customer of a deal registration; a person is a contact, or that customer's; a deal is a deal registration. Undone by unlinking. Needs the role operator.
         */
        post: operations["postTenantsTenantLinks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/links/unlink": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Untie a record from its aggregate
         * @description No field is touched on either side: ids of ours stay in Pipedrive. The program is told; the sync does not tie the two together again by itself. Undone by linking: it goes on from what both sides had agreed on. Needs the role operator.
         */
        post: operations["postTenantsTenantLinksUnlink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The mapping document in force
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantMapping"];
        /**
         * Check a document against the live account and put it in force
         * @description Nothing changes when anything forbids it; all findings are told. Where the tenant wants four eyes it is kept as a proposal, for a second person to approve. Needs the role operator.
         */
        put: operations["putTenantsTenantMapping"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find every mistake in a document, with the live account, without putting it in force
         * @description Up to 62 tokens; with `canary` at most `canaryPrice` more: 11 for each record that the document names in `verify`, and 30. Needs the role operator.
         */
        post: operations["postTenantsTenantMappingCheck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare the account with the mapping in force, now
         * @description 40 tokens where each list fits on a page. What drifted is paused, alone, with a finding; what was mended goes on. The workers do this by themselves from time to time, and after a refused write. Needs the role operator.
         */
        post: operations["postTenantsTenantMappingDrift"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/effective": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that travels, listed in the document or not
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantMappingEffective"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/intake-try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * See the events that a pasted sample of a post would become
         * @description Nothing is stored. By the document sent along, else by the one in force. Needs the role operator.
         */
        post: operations["postTenantsTenantMappingIntakeTry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/paused-fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fields that stand still for the whole tenant
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantMappingPausedFields"];
        put?: never;
        /**
         * Let one field stand still for the whole tenant, both ways
         * @description Everything else flows. Records that would be made without their id, or without a stage, wait. Needs the role operator.
         */
        post: operations["postTenantsTenantMappingPausedFields"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/paused-fields/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a field flow again
         * @description Drift that is still there pauses it again at the next look. Needs the role operator.
         */
        post: operations["postTenantsTenantMappingPausedFieldsResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what putting a document in force would change; nothing is written
         * @description Without `spend` only what costs nothing, and the price of the rest: a look at the account and at some records. Needs the role operator.
         */
        post: operations["postTenantsTenantMappingPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/proposal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The document that waits for a second person
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantMappingProposal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/proposal/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put the proposed document in force
         * @description By somebody else than who proposed it: it is the signed-in person that counts, not what the document says. Needs the role approver.
         */
        post: operations["postTenantsTenantMappingProposalApprove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is and was in force, the newest first
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantMappingRevisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/revisions/{revision}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A document that is or was in force
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantMappingRevisionsRevision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/roll-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest roll-out, and how far it is
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantMappingRollOut"];
        put?: never;
        /**
         * Roll a document out: test records, then some records, then all
         * @description It stops by itself when errors are found. Where the tenant wants four eyes the document is kept as a proposal. Needs the role operator.
         */
        post: operations["postTenantsTenantMappingRollOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/roll-out/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll the proposed document out
         * @description By somebody else than who proposed it. Needs the role approver.
         */
        post: operations["postTenantsTenantMappingRollOutApprove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/roll-out/continue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a roll-out that has stopped
         * @description Needs the role operator.
         */
        post: operations["postTenantsTenantMappingRollOutContinue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take the latest change of the mapping back
         * @description The document before is rolled out to all under a new revision number. While a roll-out has only tried some records, they return to the revision in force. Needs the role operator.
         */
        post: operations["postTenantsTenantMappingRollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/mapping/scaffold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draft a document from the account
         * @description At most 125 tokens: the account, and a search for test records. Where a person has to decide it has gaps, and cannot be put in force while it has any. Nothing is stored. Needs the role operator.
         */
        post: operations["postTenantsTenantMappingScaffold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/matches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Records that may be the one looked for, and wait for a person
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantMatches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/matches/{match}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of them with its candidates, as they were
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantMatchesMatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/matches/{match}/decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say which record it is, that it is a new one, or that it stays out of Pipedrive
         * @description The workers carry it out within seconds. It may be decided again until then. Needs the role operator.
         */
        post: operations["postTenantsTenantMatchesMatchDecide"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/near-misses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How often each field had to be written again because somebody had set it back
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantNearMisses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Work on nothing of a tenant
         * @description What comes in is kept, and worked on when the tenant is resumed. Needs the role operator.
         */
        post: operations["postTenantsTenantPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/records/{object}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that is known of a record and what was decided about it
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantRecordsObjectId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/records/{object}/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every value a record's fields had, who set it and why, the newest first
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantRecordsObjectIdHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/records/{object}/{id}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have the workers look at a record again, whatever state it is in
         * @description Needs the role operator.
         */
        post: operations["postTenantsTenantRecordsObjectIdSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/records/{object}/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have the workers put former values back, exactly as a plan says
         * @description Applying a plan again does nothing. It stops where a side was changed since, with a finding. Needs the role operator.
         */
        post: operations["postTenantsTenantRecordsObjectIdUndo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/records/{object}/{id}/undo/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take back that the sync made a record: untied, our ids emptied in Pipedrive, nothing deleted
         * @description Needs the role operator.
         */
        post: operations["postTenantsTenantRecordsObjectIdUndoCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/records/{object}/{id}/undo/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What putting former values back would write where, and its price; nothing is done
         * @description Needs the role operator.
         */
        post: operations["postTenantsTenantRecordsObjectIdUndoPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/records/{object}/{id}/why/{field}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why a field has the value it has, on each side
         * @description Needs the role viewer.
         */
        get: operations["getTenantsTenantRecordsObjectIdWhyField"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin the work of records again, once what stopped them is mended
         * @description Exactly one of `finding`, `record` and `since`. Each record is read afresh (1 token). Needs the role operator.
         */
        post: operations["postTenantsTenantReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{tenant}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a paused tenant
         * @description Needs the role operator.
         */
        post: operations["postTenantsTenantResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everybody who may sign in, or once could
         * @description Needs the role admin.
         */
        get: operations["getUsers"];
        put?: never;
        /**
         * Let somebody in
         * @description The answer holds a link by which they choose their password, once and within a day. Needs the role admin.
         */
        post: operations["postUsers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{name}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let somebody in no more
         * @description Nothing of theirs is in force from now on: password, sessions, tokens. Needs the role admin.
         */
        post: operations["postUsersNameDisable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{name}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let somebody in again who was disabled
         * @description Needs the role admin.
         */
        post: operations["postUsersNameEnable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{name}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change what somebody may do, and for which tenants
         * @description Their sessions end; their tokens never allow more than this. Needs the role admin.
         */
        put: operations["putUsersNameRole"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{name}/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a link by which somebody chooses a new password, once and within a day
         * @description Needs the role admin.
         */
        post: operations["postUsersNameSignIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{name}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Somebody's tokens
         * @description Needs the role admin.
         */
        get: operations["getUsersNameTokens"];
        put?: never;
        /**
         * Issue a token of somebody's
         * @description Needs the role admin.
         */
        post: operations["postUsersNameTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{name}/tokens/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End one token of somebody's, or all of them
         * @description Needs the role admin.
         */
        post: operations["postUsersNameTokensRevoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getActions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        actions: {
                            body: {
                                contentType: string;
                                /** @description JSON Schema */
                                schema: {
                                    [key: string]: unknown;
                                };
                            } | null;
                            deprecated: boolean;
                            /** @description What the setup guide gives for it; for some that is too little. */
                            guideScopes: string[];
                            id: string;
                            idempotent: boolean;
                            label: string;
                            /** @enum {string} */
                            method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
                            operationId: string;
                            paging: ("cursor" | "start") | null;
                            path: string;
                            pathParameters: {
                                description: string;
                                name: string;
                                required: boolean;
                                /** @description JSON Schema */
                                schema: {
                                    [key: string]: unknown;
                                };
                            }[];
                            query: {
                                description: string;
                                name: string;
                                required: boolean;
                                /** @description JSON Schema */
                                schema: {
                                    [key: string]: unknown;
                                };
                            }[];
                            /** @description Any one of them is enough; every app has base. */
                            scopes: string[];
                            successStatus: number;
                            summary: string;
                            /** @description What one call costs. */
                            tokens: number;
                            /** @enum {string} */
                            version: "v1" | "v2";
                            writes: boolean;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getActionsAction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                action: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        body: {
                            contentType: string;
                            /** @description JSON Schema */
                            schema: {
                                [key: string]: unknown;
                            };
                        } | null;
                        deprecated: boolean;
                        /** @description What the setup guide gives for it; for some that is too little. */
                        guideScopes: string[];
                        id: string;
                        idempotent: boolean;
                        label: string;
                        /** @enum {string} */
                        method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
                        operationId: string;
                        paging: ("cursor" | "start") | null;
                        path: string;
                        pathParameters: {
                            description: string;
                            name: string;
                            required: boolean;
                            /** @description JSON Schema */
                            schema: {
                                [key: string]: unknown;
                            };
                        }[];
                        query: {
                            description: string;
                            name: string;
                            required: boolean;
                            /** @description JSON Schema */
                            schema: {
                                [key: string]: unknown;
                            };
                        }[];
                        /** @description Any one of them is enough; every app has base. */
                        scopes: string[];
                        successStatus: number;
                        summary: string;
                        /** @description What one call costs. */
                        tokens: number;
                        /** @enum {string} */
                        version: "v1" | "v2";
                        writes: boolean;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getAudit: {
        parameters: {
            query?: {
                action?: string;
                actor?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                from?: string;
                /** @description Rows on a page. */
                limit?: number;
                oldestFirst?: "true" | "false";
                /** @description A tenant's id. */
                tenant?: string;
                /** @description Up to, and without, this instant. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            action: string;
                            actor: string;
                            address: string | null;
                            after: unknown;
                            /** Format: date-time */
                            at: string;
                            before: unknown;
                            begunId: number | null;
                            code: string | null;
                            correlationId: string;
                            id: number;
                            operatorId: string | null;
                            /** @enum {string} */
                            phase: "begun" | "done" | "failed" | "refused";
                            role: string;
                            target: string | null;
                            tenantId: string | null;
                            tokenId: string | null;
                            via: string;
                        }[];
                        /** @description Of the page after; null on the last one. */
                        next: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getConnections: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Rows on a page. */
                limit?: number;
                /** @description Replaced ones too. */
                retired?: "true" | "false";
                /** @description A tenant's id. */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            baseUrl: string;
                            clockOffsetMs: number;
                            companyDomain: string | null;
                            companyId: number | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** @enum {string} */
                            environment: "production" | "sandbox" | "rehearsal";
                            id: string;
                            parkedCause: string | null;
                            parkedUntil: string | null;
                            pausedAt: string | null;
                            /** @description The person who paused it; null: the sync did. */
                            pausedBy: string | null;
                            pausedCause: string | null;
                            /** @enum {string} */
                            side: "pipedrive" | "program";
                            /** @enum {string} */
                            state: "connecting" | "active" | "paused" | "retired";
                            tenantId: string;
                            userId: number | null;
                            webhookIds: number[];
                        }[];
                        /** @description Of the page after; null on the last one. */
                        next: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getFindings: {
        parameters: {
            query?: {
                /** @description Closed ones too. */
                closed?: "true" | "false";
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Rows on a page. */
                limit?: number;
                /** @description A tenant's id. */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            closedAt: string | null;
                            code: string;
                            count: number;
                            /** @description Values that a person needs to mend it. */
                            detail: unknown;
                            field: string | null;
                            /** Format: date-time */
                            firstAt: string;
                            id: number;
                            laneId: number | null;
                            /** Format: date-time */
                            lastAt: string;
                            message: string;
                            /** @enum {string} */
                            severity: "error" | "warning" | "info";
                            subject: string;
                            tenantId: string;
                        }[];
                        /** @description Of the page after; null on the last one. */
                        next: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        email: string | null;
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "approver" | "admin";
                        tenants: string[] | null;
                        /** @enum {string} */
                        via: "session" | "token" | "local";
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getScopes: {
        parameters: {
            query: {
                /** @description Ids of actions with commas between them, or all. */
                actions: string;
                /** @description minimal: no more than needed, and no less. */
                choose?: "guide" | "minimal" | "printed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        choice: "guide" | "minimal" | "printed";
                        enableNothing: string[];
                        enables: {
                            actions: string[];
                            scope: string;
                        }[];
                        scopes: string[];
                        tooSmall: {
                            id: string;
                            label: string;
                            needsOneOf: string[];
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenants: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Rows on a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            connections: {
                                environment: string;
                                side: string;
                                state: string;
                            }[];
                            /** Format: date-time */
                            createdAt: string;
                            /** @description Mappings take a second person to come into force. */
                            fourEyes: boolean;
                            id: string;
                            mappingRevision: number | null;
                            name: string;
                            pausedAt: string | null;
                            /** @description "document": its mapping says so (sync.paused); else who paused it. */
                            pausedBy: string | null;
                        }[];
                        /** @description Of the page after; null on the last one. */
                        next: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenants: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A tenant's id. */
                    id: string;
                    /** @description As people say it; default: the id. */
                    name?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        /** @description Mappings take a second person to come into force. */
                        fourEyes: boolean;
                        id: string;
                        name: string;
                        pausedAt: string | null;
                        /** @description "document": its mapping says so (sync.paused); else who paused it. */
                        pausedBy: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        connections: {
                            environment: string;
                            side: string;
                            state: string;
                        }[];
                        /** Format: date-time */
                        createdAt: string;
                        /** @description Mappings take a second person to come into force. */
                        fourEyes: boolean;
                        id: string;
                        mappingRevision: number | null;
                        name: string;
                        pausedAt: string | null;
                        /** @description "document": its mapping says so (sync.paused); else who paused it. */
                        pausedBy: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantAccessFindings: {
        parameters: {
            query?: {
                /** @description Mended ones too. */
                closed?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            account: string | null;
                            advice: string;
                            check: string;
                            closedAt: string | null;
                            code: string;
                            controls: string[];
                            detail: string;
                            dueAt: string | null;
                            firstSeenAt: string;
                            key: string;
                            /** Format: date-time */
                            lastSeenAt: string;
                            overdue: boolean;
                            owner: string | null;
                            runId: string;
                            /** @enum {string} */
                            severity: "critical" | "high" | "medium" | "low";
                            /** @enum {string} */
                            state: "open" | "excepted" | "closed";
                            userId: number | null;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantAccessMap: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Or what it is, where nobody on the roster has it.
                     * @enum {string}
                     */
                    class?: "external" | "not_a_person";
                    /** @description For a class: who or what uses it, and who vouches for that. */
                    comment?: string;
                    /** @description Whose it is: the employee_id of a row of the roster. */
                    staff?: string;
                    /** @description The account: a user's id in Pipedrive. */
                    userId: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        confirmedAt: string;
                        userId: number;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantAccessPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document: string;
                        /** Format: date-time */
                        loadedAt: string;
                        loadedBy: string;
                        sha256: string;
                        version: number;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    putTenantsTenantAccessPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The file's text. */
                    document: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False: this very text was in force. */
                        changed: boolean;
                        version: number;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantAccessReviews: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            openFollowUps: number;
                            runId: string;
                            /** Format: date-time */
                            startedAt: string;
                            state: string;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantAccessReviews: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description A run's id, or `latest`.
                     * @default latest
                     */
                    run?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accounts: number;
                        /** @description After this its snapshot is too old. */
                        completeBy: string;
                        id: string;
                        /** @description Removals and changes that no later snapshot has shown. */
                        openFollowUps: number;
                        runId: string;
                        /** @enum {string} */
                        state: "open" | "completed";
                        undecided: number;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantAccessReviewsReview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A review's id. */
                review: string;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accounts: number;
                        /** @description After this its snapshot is too old. */
                        completeBy: string;
                        completed: {
                            at: string;
                            by: {
                                email: string;
                                name: string;
                            };
                        } | null;
                        /** @description In the order they were made; the last one about an account is in force. */
                        decisions: {
                            at: string;
                            /** @enum {string} */
                            choice: "keep" | "remove" | "change";
                            comment: string | null;
                            reviewer: {
                                email: string;
                                name: string;
                            };
                            userId: number;
                        }[];
                        followUps: {
                            /** @enum {string} */
                            choice: "remove" | "change";
                            closed: {
                                at: string;
                                seen: string;
                                snapshotSha256: string;
                            } | null;
                            userId: number;
                        }[];
                        id: string;
                        items: {
                            access: string[];
                            codes: string[];
                            email: string;
                            name: string;
                            userId: number;
                        }[];
                        /** @description Removals and changes that no later snapshot has shown. */
                        openFollowUps: number;
                        runId: string;
                        /** @description What keeps it from being completed. */
                        staleInputs: string[];
                        started: {
                            at: string;
                            by: {
                                email: string;
                                name: string;
                            };
                        };
                        /** @enum {string} */
                        state: "open" | "completed";
                        undecided: number;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantAccessReviewsReviewComplete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A review's id. */
                review: string;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accounts: number;
                        /** @description After this its snapshot is too old. */
                        completeBy: string;
                        id: string;
                        /** @description Removals and changes that no later snapshot has shown. */
                        openFollowUps: number;
                        runId: string;
                        /** @enum {string} */
                        state: "open" | "completed";
                        undecided: number;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantAccessReviewsReviewDecisions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A review's id. */
                review: string;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    choice: "keep" | "remove" | "change";
                    comment?: string;
                    userIds: number[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accounts: number;
                        /** @description After this its snapshot is too old. */
                        completeBy: string;
                        id: string;
                        /** @description Removals and changes that no later snapshot has shown. */
                        openFollowUps: number;
                        runId: string;
                        /** @enum {string} */
                        state: "open" | "completed";
                        undecided: number;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantAccessReviewsReviewRemovals: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A review's id. */
                review: string;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description That it is really to be done.
                     * @default false
                     */
                    confirm?: boolean;
                    userId: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        userId: number;
                        /** @description If not, nothing was written. */
                        wasActive: boolean;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantAccessRoster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        asOf: string;
                        /** Format: date-time */
                        importedAt: string;
                        importedBy: string;
                        rows: number;
                        /** @description Of the bytes as given. */
                        sha256: string;
                        timeZone: string;
                        version: number;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    putTenantsTenantAccessRoster: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description The moment the roster speaks of; default: now.
                     */
                    asOf?: string;
                    /** @description The file's bytes in base64. */
                    content: string;
                    /** @description Where working days end, e.g. Europe/Berlin. */
                    timeZone: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        asOf: string;
                        /** @description Headers that mean no column. */
                        ignoredColumns: string[];
                        /** Format: date-time */
                        importedAt: string;
                        importedBy: string;
                        rows: number;
                        /** @description Of the bytes as given. */
                        sha256: string;
                        timeZone: string;
                        version: number;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantAccessRuns: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            at: string;
                            id: string;
                            policyVersion: number | null;
                            rosterVersion: number | null;
                            summary: {
                                accounts: number;
                                activeAccounts: number;
                                bySeverity: {
                                    critical: number;
                                    high: number;
                                    low: number;
                                    medium: number;
                                };
                                checks: {
                                    id: string;
                                    /** @enum {string} */
                                    outcome: "pass" | "fail" | "not_assessed";
                                    title: string;
                                }[];
                                excepted: number;
                                openFindings: number;
                                overdue: number;
                            };
                            toolVersion: string;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantAccessRuns: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        at: string;
                        /** @description Findings that are mended. */
                        closed: number;
                        id: string;
                        /** @description Findings that were not open before. */
                        opened: number;
                        policyVersion: number | null;
                        rosterVersion: number | null;
                        summary: {
                            accounts: number;
                            activeAccounts: number;
                            bySeverity: {
                                critical: number;
                                high: number;
                                low: number;
                                medium: number;
                            };
                            checks: {
                                id: string;
                                /** @enum {string} */
                                outcome: "pass" | "fail" | "not_assessed";
                                title: string;
                            }[];
                            excepted: number;
                            openFindings: number;
                            overdue: number;
                        };
                        toolVersion: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantAccessRunsRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A run's id, or `latest`. */
                run: string;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accounts: {
                            access: string[];
                            active: boolean;
                            admin: boolean | null;
                            class: string | null;
                            codes: string[];
                            email: string;
                            lastLoginAt: string | null;
                            matchKind: string;
                            name: string;
                            staff: {
                                employeeId: string;
                                fullName: string;
                                staffRole: string | null;
                                status: string;
                            } | null;
                            /** @description Who might be meant: for a person to confirm. */
                            suggested: {
                                employeeId: string;
                            }[];
                            userId: number;
                            verdict: string;
                        }[];
                        /** Format: date-time */
                        at: string;
                        checks: {
                            excepted: number;
                            failed: number;
                            id: string;
                            notAssessed: number;
                            /** @enum {string} */
                            outcome: "pass" | "fail" | "not_assessed";
                            passed: number;
                            reasons: {
                                count: number;
                                reason: string;
                            }[];
                            title: string;
                        }[];
                        findings: {
                            account: string | null;
                            advice: string;
                            check: string;
                            code: string;
                            controls: string[];
                            detail: string;
                            dueAt: string | null;
                            firstSeenAt: string;
                            key: string;
                            overdue: boolean;
                            owner: string | null;
                            /** @enum {string} */
                            severity: "critical" | "high" | "medium" | "low";
                            /** @enum {string} */
                            state: "open" | "excepted" | "closed";
                            userId: number | null;
                        }[];
                        id: string;
                        policyVersion: number | null;
                        reviewId: string | null;
                        rosterVersion: number | null;
                        snapshot: {
                            notAssessed: {
                                code: string;
                                message: string;
                                part: string;
                            }[];
                            sha256: string;
                            takenAt: string;
                        };
                        summary: {
                            accounts: number;
                            activeAccounts: number;
                            bySeverity: {
                                critical: number;
                                high: number;
                                low: number;
                                medium: number;
                            };
                            checks: {
                                id: string;
                                /** @enum {string} */
                                outcome: "pass" | "fail" | "not_assessed";
                                title: string;
                            }[];
                            excepted: number;
                            openFindings: number;
                            overdue: number;
                        };
                        toolVersion: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantAccessRunsRunEvidenceZip: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A run's id, or `latest`. */
                run: string;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The evidence of a run and its review, as a zip */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantAccessSnapshots: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            /** @description Of the snapshot's text, which stands in the evidence. */
                            sha256: string;
                            /** Format: date-time */
                            takenAt: string;
                            /** @description What reading it cost. */
                            tokens: number;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantAccessSnapshots: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Also who has each permission set (20 tokens) and role (10).
                     * @default false
                     */
                    assignments?: boolean;
                    /**
                     * @description Also what each active user may do: 10 tokens a user.
                     * @default false
                     */
                    userPermissions?: boolean;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Removals and changes of completed reviews that it shows done. */
                        followUpsClosed: number;
                        id: string;
                        notAssessed: {
                            code: string;
                            message: string;
                            part: string;
                        }[];
                        /** @description Of the snapshot's text, which stands in the evidence. */
                        sha256: string;
                        /** Format: date-time */
                        takenAt: string;
                        /** @description What reading it cost. */
                        tokens: number;
                        /** @description Null: they could not be read. */
                        users: number | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantConflicts: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description By its label in Pipedrive, or its path in the program. */
                field?: string;
                /** @description Rows on a page. */
                limit?: number;
                /** @description Default: of any. */
                state?: "open" | "apart" | "decided" | "agreed" | "ended";
            };
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            closedAt: string | null;
                            crmId: number;
                            decidedAt: string | null;
                            decidedBy: string | null;
                            field: string;
                            id: number;
                            /** @enum {string} */
                            kind: "partner" | "contact" | "deal_registration";
                            label: string;
                            /** Format: date-time */
                            lastAt: string;
                            /** @description CHANGED_SINCE: what was asked for was not done, a side had changed by then. */
                            note: string | null;
                            /** @enum {string} */
                            object: "organization" | "person" | "deal";
                            /** Format: date-time */
                            openedAt: string;
                            programId: string;
                            /** @description Of the mapping by which it was found or decided. */
                            revision: number;
                            /** @enum {string} */
                            role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                            /** @description Why it won: a conflict rule, "person", "unseen", … */
                            rule: string | null;
                            /**
                             * @description open: a person has to decide; apart: both values stand until one changes; decided; agreed: by the sides themselves; ended: overtaken.
                             * @enum {string}
                             */
                            state: "open" | "apart" | "decided" | "agreed" | "ended";
                            /** @description What has become of it, in words. */
                            stateText: string;
                            tenantId: string;
                            /** @description What is being carried out. */
                            verdict: ("crm" | "program" | "undo" | "restore") | null;
                            version: number;
                            winner: ("crm" | "program") | null;
                        }[];
                        /** @description Of the page after; null on the last one. */
                        next: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantConflictsConflict: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conflict: number;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        closedAt: string | null;
                        crmId: number;
                        decidedAt: string | null;
                        decidedBy: string | null;
                        evidence: {
                            /** @description What each side answered once it was decided. */
                            after?: {
                                crm: unknown;
                                program: unknown;
                            };
                            /** @description What both had last agreed on. */
                            base: {
                                crm: unknown;
                                program: unknown;
                            } | null;
                            crm: unknown;
                            /** @description When Pipedrive's value was first seen; null: no webhook told. */
                            crmAt: string | null;
                            program: unknown;
                            programAt: string | null;
                        };
                        field: string;
                        id: number;
                        /** @enum {string} */
                        kind: "partner" | "contact" | "deal_registration";
                        label: string;
                        /** Format: date-time */
                        lastAt: string;
                        /** @description CHANGED_SINCE: what was asked for was not done, a side had changed by then. */
                        note: string | null;
                        /** @enum {string} */
                        object: "organization" | "person" | "deal";
                        /** Format: date-time */
                        openedAt: string;
                        programId: string;
                        /** @description Of the mapping by which it was found or decided. */
                        revision: number;
                        /** @enum {string} */
                        role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                        /** @description Why it won: a conflict rule, "person", "unseen", … */
                        rule: string | null;
                        /**
                         * @description open: a person has to decide; apart: both values stand until one changes; decided; agreed: by the sides themselves; ended: overtaken.
                         * @enum {string}
                         */
                        state: "open" | "apart" | "decided" | "agreed" | "ended";
                        /** @description What has become of it, in words. */
                        stateText: string;
                        tenantId: string;
                        /** @description All of that in words, for people. */
                        text: string;
                        /** @description What is being carried out. */
                        verdict: ("crm" | "program" | "undo" | "restore") | null;
                        version: number;
                        winner: ("crm" | "program") | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantConflictsConflictDecide: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                conflict: number;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description `version` of the conflict that was looked at. */
                    seen: number;
                    /** @enum {string} */
                    winner: "crm" | "program";
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        /** @enum {string} */
                        state: "open" | "apart" | "decided" | "agreed" | "ended";
                        tenantId: string;
                        /** @description What is being carried out. */
                        verdict: ("crm" | "program" | "undo" | "restore") | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantConflictsConflictKeepApart: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                conflict: number;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description `version` of the conflict that was looked at. */
                    seen: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        /** @enum {string} */
                        state: "open" | "apart" | "decided" | "agreed" | "ended";
                        tenantId: string;
                        /** @description What is being carried out. */
                        verdict: ("crm" | "program" | "undo" | "restore") | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantConflictsConflictUndo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                conflict: number;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        /** @enum {string} */
                        state: "open" | "apart" | "decided" | "agreed" | "ended";
                        tenantId: string;
                        /** @description What is being carried out. */
                        verdict: ("crm" | "program" | "undo" | "restore") | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantConnectionsConnectionPause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A connection's id. */
                connection: string;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description For whoever wonders. */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        baseUrl: string;
                        clockOffsetMs: number;
                        companyDomain: string | null;
                        companyId: number | null;
                        /** Format: date-time */
                        createdAt: string;
                        /** @enum {string} */
                        environment: "production" | "sandbox" | "rehearsal";
                        id: string;
                        parkedCause: string | null;
                        parkedUntil: string | null;
                        pausedAt: string | null;
                        /** @description The person who paused it; null: the sync did. */
                        pausedBy: string | null;
                        pausedCause: string | null;
                        /** @enum {string} */
                        side: "pipedrive" | "program";
                        /** @enum {string} */
                        state: "connecting" | "active" | "paused" | "retired";
                        tenantId: string;
                        userId: number | null;
                        webhookIds: number[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantConnectionsConnectionResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A connection's id. */
                connection: string;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        baseUrl: string;
                        clockOffsetMs: number;
                        companyDomain: string | null;
                        companyId: number | null;
                        /** Format: date-time */
                        createdAt: string;
                        /** @enum {string} */
                        environment: "production" | "sandbox" | "rehearsal";
                        id: string;
                        parkedCause: string | null;
                        parkedUntil: string | null;
                        pausedAt: string | null;
                        /** @description The person who paused it; null: the sync did. */
                        pausedBy: string | null;
                        pausedCause: string | null;
                        /** @enum {string} */
                        side: "pipedrive" | "program";
                        /** @enum {string} */
                        state: "connecting" | "active" | "paused" | "retired";
                        tenantId: string;
                        userId: number | null;
                        webhookIds: number[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantConnectionsIntake: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    environment: "production" | "sandbox" | "rehearsal";
                    /** @description Where the program reaches this server; default: its PUBLIC_URL. */
                    publicUrl?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        baseUrl: string;
                        clockOffsetMs: number;
                        companyDomain: string | null;
                        companyId: number | null;
                        /** Format: date-time */
                        createdAt: string;
                        /** @enum {string} */
                        environment: "production" | "sandbox" | "rehearsal";
                        header: string;
                        id: string;
                        parkedCause: string | null;
                        parkedUntil: string | null;
                        pausedAt: string | null;
                        /** @description The person who paused it; null: the sync did. */
                        pausedBy: string | null;
                        pausedCause: string | null;
                        /** @description Where its workflows have to post. Shown this once: half of the secret. */
                        postUrl: string;
                        /** @description The value of that header. Shown this once. */
                        secret: string;
                        /** @enum {string} */
                        side: "pipedrive" | "program";
                        /** @enum {string} */
                        state: "connecting" | "active" | "paused" | "retired";
                        tenantId: string;
                        userId: number | null;
                        webhookIds: number[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantConnectionsIntakeRotateSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Where the program reaches this server; default: its PUBLIC_URL. */
                    publicUrl?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        baseUrl: string;
                        clockOffsetMs: number;
                        companyDomain: string | null;
                        companyId: number | null;
                        /** Format: date-time */
                        createdAt: string;
                        /** @enum {string} */
                        environment: "production" | "sandbox" | "rehearsal";
                        header: string;
                        id: string;
                        parkedCause: string | null;
                        parkedUntil: string | null;
                        pausedAt: string | null;
                        /** @description The person who paused it; null: the sync did. */
                        pausedBy: string | null;
                        pausedCause: string | null;
                        /** @description Where its workflows have to post. Shown this once: half of the secret. */
                        postUrl: string;
                        /** @description The value of that header. Shown this once. */
                        secret: string;
                        /** @enum {string} */
                        side: "pipedrive" | "program";
                        /** @enum {string} */
                        state: "connecting" | "active" | "paused" | "retired";
                        tenantId: string;
                        userId: number | null;
                        webhookIds: number[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantConnectionsPipedrive: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    environment: "production" | "sandbox" | "rehearsal";
                    /** @description Where Pipedrive reaches this server; default: its PUBLIC_URL. */
                    publicUrl?: string;
                    /** @description Sealed at once; it is never shown again. */
                    token: string;
                    /** @description The company's own address, e.g. https://acme.pipedrive.com. */
                    url: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        baseUrl: string;
                        clockOffsetMs: number;
                        companyDomain: string | null;
                        companyId: number | null;
                        /** Format: date-time */
                        createdAt: string;
                        /** @enum {string} */
                        environment: "production" | "sandbox" | "rehearsal";
                        id: string;
                        /** @description What earlier connections left in Pipedrive, and what to do about it. */
                        notes: string[];
                        parkedCause: string | null;
                        parkedUntil: string | null;
                        pausedAt: string | null;
                        /** @description The person who paused it; null: the sync did. */
                        pausedBy: string | null;
                        pausedCause: string | null;
                        /** @enum {string} */
                        side: "pipedrive" | "program";
                        /** @enum {string} */
                        state: "connecting" | "active" | "paused" | "retired";
                        tenantId: string;
                        userId: number | null;
                        webhookIds: number[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantConnectionsProgram: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    environment: "production" | "sandbox" | "rehearsal";
                    /** @description Sealed at once; it is never shown again. */
                    secret: string;
                    /** @description Where the program's routes hang. */
                    url: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        baseUrl: string;
                        clockOffsetMs: number;
                        companyDomain: string | null;
                        companyId: number | null;
                        /** Format: date-time */
                        createdAt: string;
                        /** @enum {string} */
                        environment: "production" | "sandbox" | "rehearsal";
                        /** @description Where the program has to post its events. */
                        eventsUrl: string | null;
                        id: string;
                        parkedCause: string | null;
                        parkedUntil: string | null;
                        pausedAt: string | null;
                        /** @description The person who paused it; null: the sync did. */
                        pausedBy: string | null;
                        pausedCause: string | null;
                        /** @enum {string} */
                        side: "pipedrive" | "program";
                        /** @enum {string} */
                        state: "connecting" | "active" | "paused" | "retired";
                        tenantId: string;
                        userId: number | null;
                        webhookIds: number[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantConnectionsProgramRotateSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Sealed at once; it is never shown again. */
                    secret: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        baseUrl: string;
                        clockOffsetMs: number;
                        companyDomain: string | null;
                        companyId: number | null;
                        /** Format: date-time */
                        createdAt: string;
                        /** @enum {string} */
                        environment: "production" | "sandbox" | "rehearsal";
                        id: string;
                        parkedCause: string | null;
                        parkedUntil: string | null;
                        pausedAt: string | null;
                        /** @description The person who paused it; null: the sync did. */
                        pausedBy: string | null;
                        pausedCause: string | null;
                        /** @enum {string} */
                        side: "pipedrive" | "program";
                        /** @enum {string} */
                        state: "connecting" | "active" | "paused" | "retired";
                        tenantId: string;
                        userId: number | null;
                        webhookIds: number[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantCredentialsValidate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    given?: {
                        /**
                         * @default production
                         * @enum {string}
                         */
                        environment?: "production" | "sandbox" | "rehearsal";
                        /** @description Not kept. */
                        token: string;
                        /** @description The company's own address, e.g. https://acme.pipedrive.com. */
                        url: string;
                    };
                    /**
                     * @description Makes an organization, a person and a deal.
                     * @default false
                     */
                    withTestRecords?: boolean;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        baseUrl: string;
                        checks: {
                            /** @description `read deal`, `create person` … */
                            about: string;
                            detail: string;
                            /** @enum {string} */
                            state: "ok" | "warning" | "failed" | "not proven";
                        }[];
                        company: {
                            domain: string;
                            id: number;
                            name: string;
                        } | null;
                        /** @description Null: no answer told it. */
                        limits: {
                            dailyLeft: number | null;
                            dailyTokens: number | null;
                            perTwoSeconds: number | null;
                        };
                        tenantId: string;
                        testRecords: {
                            id: number;
                            name: string;
                            /** @enum {string} */
                            object: "organization" | "person" | "deal";
                        }[];
                        /** @description What it cost. */
                        tokens: number;
                        user: {
                            email: string;
                            id: number;
                            name: string;
                        } | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantFieldsProvision: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        companyDomain: string | null;
                        complete: boolean;
                        done: {
                            label: string;
                            /** @enum {string} */
                            object: "organization" | "person" | "deal";
                            options: string[];
                            /** @enum {string} */
                            what: "created" | "options added";
                        }[];
                        fields: {
                            /** @description Masked. */
                            key: string | null;
                            label: string;
                            /** @description Its fixed name in the mapping document. */
                            name: string;
                            /** @description What keeps it from being used, or is odd about it. */
                            notes: string[];
                            /** @enum {string} */
                            object: "organization" | "person" | "deal";
                            /** @description Those that are to be added. */
                            options: string[];
                            /**
                             * @description `blocked`: a person has to decide in Pipedrive first.
                             * @enum {string}
                             */
                            state: "ready" | "missing" | "options missing" | "blocked";
                            type: string;
                        }[];
                        /** @description Of providing what is missing, in tokens. */
                        price: number;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantFieldsVerify: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        companyDomain: string | null;
                        complete: boolean;
                        fields: {
                            /** @description Masked. */
                            key: string | null;
                            label: string;
                            /** @description Its fixed name in the mapping document. */
                            name: string;
                            /** @description What keeps it from being used, or is odd about it. */
                            notes: string[];
                            /** @enum {string} */
                            object: "organization" | "person" | "deal";
                            /** @description Those that are to be added. */
                            options: string[];
                            /**
                             * @description `blocked`: a person has to decide in Pipedrive first.
                             * @enum {string}
                             */
                            state: "ready" | "missing" | "options missing" | "blocked";
                            type: string;
                        }[];
                        /** @description Of providing what is missing, in tokens. */
                        price: number;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantFindingsFindingClose: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                finding: number;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        closed: true;
                        id: number;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    putTenantsTenantFourEyes: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    fourEyes: boolean;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        /** @description Mappings take a second person to come into force. */
                        fourEyes: boolean;
                        id: string;
                        name: string;
                        pausedAt: string | null;
                        /** @description "document": its mapping says so (sync.paused); else who paused it. */
                        pausedBy: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantHistoryCsv: {
        parameters: {
            query?: {
                from?: string;
                id?: string;
                object?: "organization" | "person" | "deal" | "partner" | "contact" | "deal_registration";
                /** @description Up to, and without, this instant. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description History as CSV, the oldest first: of one record, or of all */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantHistoryVerification: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default 0 */
                    after?: number;
                    /** @description Position and chain of an earlier head that was kept elsewhere. */
                    known?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        broken: {
                            historyId: number | null;
                            position: number;
                            why: string;
                        } | null;
                        checked: number;
                        head: {
                            chain: string;
                            position: number;
                            /** Format: date-time */
                            sealedAt: string;
                        } | null;
                        next: number | null;
                        pruned: number;
                        tenantId: string;
                        unsealed: number;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        breakers: {
                            /** @description Records that were written to before. */
                            counted: number | null;
                            /**
                             * @description inbound writes to the partner program, outbound to Pipedrive.
                             * @enum {string}
                             */
                            direction: "inbound" | "outbound";
                            kind: ("changed" | "cleared" | "created") | null;
                            /** @description Records that were allowed. */
                            most: number | null;
                            /** @description Nothing is limited before then. */
                            openUntil: string | null;
                            /** @description When writes were paused because there were too many; null: they flow. */
                            trippedAt: string | null;
                            /** @description Records with work for that direction. */
                            waiting: number;
                        }[];
                        limits: {
                            changed: {
                                /** @description Records that are always allowed. */
                                number: number;
                                /** @description Percent of the linked records, where that is more. */
                                share: number;
                            };
                            /** @description Records that lose a value. */
                            cleared: {
                                /** @description Records that are always allowed. */
                                number: number;
                                /** @description Percent of the linked records, where that is more. */
                                share: number;
                            };
                            created: {
                                /** @description Records that are always allowed. */
                                number: number;
                                /** @description Percent of the linked records, where that is more. */
                                share: number;
                            };
                            /** @description How far back is counted. */
                            windowMinutes: number;
                        };
                        /** @description Linked records: what the shares are of. */
                        linked: number;
                        /** @description Null: nobody, these are the defaults. */
                        setBy: string | null;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    putTenantsTenantLimits: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    changed?: {
                        /** @description Records that are always allowed. */
                        number: number;
                        /** @description Percent of the linked records, where that is more. */
                        share: number;
                    };
                    /** @description Records that lose a value. */
                    cleared?: {
                        /** @description Records that are always allowed. */
                        number: number;
                        /** @description Percent of the linked records, where that is more. */
                        share: number;
                    };
                    created?: {
                        /** @description Records that are always allowed. */
                        number: number;
                        /** @description Percent of the linked records, where that is more. */
                        share: number;
                    };
                    /**
                     * @description As nobody had set any.
                     * @enum {boolean}
                     */
                    defaults?: true;
                    /** @description How far back is counted. */
                    windowMinutes?: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        breakers: {
                            /** @description Records that were written to before. */
                            counted: number | null;
                            /**
                             * @description inbound writes to the partner program, outbound to Pipedrive.
                             * @enum {string}
                             */
                            direction: "inbound" | "outbound";
                            kind: ("changed" | "cleared" | "created") | null;
                            /** @description Records that were allowed. */
                            most: number | null;
                            /** @description Nothing is limited before then. */
                            openUntil: string | null;
                            /** @description When writes were paused because there were too many; null: they flow. */
                            trippedAt: string | null;
                            /** @description Records with work for that direction. */
                            waiting: number;
                        }[];
                        limits: {
                            changed: {
                                /** @description Records that are always allowed. */
                                number: number;
                                /** @description Percent of the linked records, where that is more. */
                                share: number;
                            };
                            /** @description Records that lose a value. */
                            cleared: {
                                /** @description Records that are always allowed. */
                                number: number;
                                /** @description Percent of the linked records, where that is more. */
                                share: number;
                            };
                            created: {
                                /** @description Records that are always allowed. */
                                number: number;
                                /** @description Percent of the linked records, where that is more. */
                                share: number;
                            };
                            /** @description How far back is counted. */
                            windowMinutes: number;
                        };
                        /** @description Linked records: what the shares are of. */
                        linked: number;
                        /** @description Null: nobody, these are the defaults. */
                        setBy: string | null;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantLimitsHeld: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        at: string;
                        /**
                         * @description inbound writes to the partner program, outbound to Pipedrive.
                         * @enum {string}
                         */
                        direction: "inbound" | "outbound";
                        fields: {
                            after: unknown;
                            before: unknown;
                            label: string;
                        }[];
                        record: string;
                    }[];
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantLimitsResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description inbound writes to the partner program, outbound to Pipedrive.
                     * @enum {string}
                     */
                    direction?: "inbound" | "outbound";
                    /** @description Limit nothing for so long. */
                    minutes?: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        breakers: {
                            /** @description Records that were written to before. */
                            counted: number | null;
                            /**
                             * @description inbound writes to the partner program, outbound to Pipedrive.
                             * @enum {string}
                             */
                            direction: "inbound" | "outbound";
                            kind: ("changed" | "cleared" | "created") | null;
                            /** @description Records that were allowed. */
                            most: number | null;
                            /** @description Nothing is limited before then. */
                            openUntil: string | null;
                            /** @description When writes were paused because there were too many; null: they flow. */
                            trippedAt: string | null;
                            /** @description Records with work for that direction. */
                            waiting: number;
                        }[];
                        limits: {
                            changed: {
                                /** @description Records that are always allowed. */
                                number: number;
                                /** @description Percent of the linked records, where that is more. */
                                share: number;
                            };
                            /** @description Records that lose a value. */
                            cleared: {
                                /** @description Records that are always allowed. */
                                number: number;
                                /** @description Percent of the linked records, where that is more. */
                                share: number;
                            };
                            created: {
                                /** @description Records that are always allowed. */
                                number: number;
                                /** @description Percent of the linked records, where that is more. */
                                share: number;
                            };
                            /** @description How far back is counted. */
                            windowMinutes: number;
                        };
                        /** @description Linked records: what the shares are of. */
                        linked: number;
                        resumed: ("inbound" | "outbound")[];
                        /** @description Null: nobody, these are the defaults. */
                        setBy: string | null;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantLinks: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Of the record in Pipedrive. */
                    crmId: number;
                    /** @enum {string} */
                    kind: "partner" | "contact" | "deal_registration";
                    /** @enum {string} */
                    object: "organization" | "person" | "deal";
                    /** @description Of the aggregate in the partner program. */
                    programId: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False when it was so already. */
                        changed: boolean;
                        crmId: number;
                        /** @description It goes on from what both sides agreed on before it was unlinked. */
                        formerBases: boolean;
                        /** @enum {string} */
                        kind: "partner" | "contact" | "deal_registration";
                        /** @enum {string} */
                        object: "organization" | "person" | "deal";
                        /** @description Of the aggregate in the partner program. */
                        programId: string;
                        /**
                         * @description What the record is to the program.
                         * @enum {string}
                         */
                        role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantLinksUnlink: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Of the record in Pipedrive. */
                    crmId: number;
                    /** @enum {string} */
                    kind: "partner" | "contact" | "deal_registration";
                    /** @enum {string} */
                    object: "organization" | "person" | "deal";
                    /** @description Of the aggregate in the partner program. */
                    programId: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False when it was so already. */
                        changed: boolean;
                        crmId: number;
                        /** @description It goes on from what both sides agreed on before it was unlinked. */
                        formerBases: boolean;
                        /** @enum {string} */
                        kind: "partner" | "contact" | "deal_registration";
                        /** @enum {string} */
                        object: "organization" | "person" | "deal";
                        /** @description Of the aggregate in the partner program. */
                        programId: string;
                        /**
                         * @description What the record is to the program.
                         * @enum {string}
                         */
                        role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantMapping: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description As it was loaded. */
                        document: string;
                        /** Format: date-time */
                        loadedAt: string;
                        loadedBy: string;
                        revision: number;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    putTenantsTenantMapping: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The file's text. */
                    document: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What a person should know although nothing forbids the document. */
                        findings: {
                            code: string;
                            column?: number;
                            hint: string;
                            label?: string;
                            line?: number;
                            message: string;
                            /** @enum {string} */
                            object?: "organization" | "person" | "deal";
                            path: string;
                            severity: string;
                        }[];
                        /**
                         * @description `proposed`: it waits for a second person.
                         * @enum {string}
                         */
                        outcome: "in force" | "unchanged" | "proposed";
                        /** @description The Pipedrive connection was paused and goes on. */
                        resumed: boolean;
                        revision: number;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMappingCheck: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Writes to the `verify` records, puts back what was there and waits for the webhooks; looks for ids and statuses that are there already.
                     * @default false
                     */
                    canary?: boolean;
                    /** @description The file's text. */
                    document: string;
                    /**
                     * @description Warnings count as well.
                     * @default false
                     */
                    strict?: boolean;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What `canary` costs at most, in tokens. */
                        canaryPrice: number | null;
                        /** @description With their places, errors first. */
                        findings: {
                            code: string;
                            column?: number;
                            hint: string;
                            label?: string;
                            line?: number;
                            message: string;
                            /** @enum {string} */
                            object?: "organization" | "person" | "deal";
                            path: string;
                            severity: string;
                        }[];
                        /** @description The account was looked at. */
                        live: boolean;
                        severity: 0 | 1 | 2;
                        summary: {
                            errors: number;
                            infos: number;
                            warnings: number;
                        };
                        tenantId: string | null;
                        /** @description Where writing was tried; of the others nothing is proven. */
                        tried: ("organization" | "person" | "deal")[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMappingDrift: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        drifts: {
                            /** @enum {string} */
                            code: "DRIFT_FIELD_GONE" | "DRIFT_RENAMED" | "DRIFT_TYPE" | "DRIFT_OPTION" | "DRIFT_STAGE" | "DRIFT_RIGHTS";
                            field: string;
                            message: string;
                            pauses: boolean;
                            /** @enum {string} */
                            role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                        }[];
                        resumed: {
                            field: string;
                            /** @enum {string} */
                            role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                        }[];
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantMappingEffective: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        lines: {
                            detail: string;
                            /** @enum {string} */
                            direction: "program_to_crm" | "crm_to_program";
                            implied: boolean;
                            label: string;
                            /** @enum {string} */
                            object: "organization" | "person" | "deal";
                            onConflict: string | null;
                            program: string;
                            /** @enum {string} */
                            role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                            write: string;
                        }[];
                        /** Format: date-time */
                        loadedAt: string;
                        loadedBy: string;
                        revision: number;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMappingIntakeTry: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Default: JSON where it begins like it, else form fields. */
                    contentType?: string;
                    /** @description A mapping document's text. */
                    document?: string;
                    /** @description The body as the program posts it: JSON or form fields. */
                    sample: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        events: {
                            /** @description What the post tells; all else stays as it was. */
                            data: {
                                [key: string]: unknown;
                            };
                            eventId: string | null;
                            id: string;
                            /** @enum {string} */
                            kind: "partner" | "contact" | "deal_registration";
                            occurredAt: string | null;
                            type: string;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantMappingPausedFields: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What drifted, or "person". */
                        cause: string;
                        field: string;
                        label: string;
                        /** @enum {string} */
                        object: "organization" | "person" | "deal";
                        /** Format: date-time */
                        pausedAt: string;
                        pausedBy: string | null;
                        /** @enum {string} */
                        role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                        tenantId: string;
                    }[];
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMappingPausedFields: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Its label in Pipedrive, or its path in the partner program. */
                    field: string;
                    /**
                     * @description Where several objects have such a field.
                     * @enum {string}
                     */
                    object?: "organization" | "person" | "deal";
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What drifted, or "person". */
                        cause: string;
                        field: string;
                        label: string;
                        /** @enum {string} */
                        object: "organization" | "person" | "deal";
                        /** Format: date-time */
                        pausedAt: string;
                        pausedBy: string | null;
                        /** @enum {string} */
                        role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                        tenantId: string;
                    }[];
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMappingPausedFieldsResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Its label in Pipedrive, or its path in the partner program. */
                    field: string;
                    /**
                     * @description Where several objects have such a field.
                     * @enum {string}
                     */
                    object?: "organization" | "person" | "deal";
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What drifted, or "person". */
                        cause: string;
                        field: string;
                        label: string;
                        /** @enum {string} */
                        object: "organization" | "person" | "deal";
                        /** Format: date-time */
                        pausedAt: string;
                        pausedBy: string | null;
                        /** @enum {string} */
                        role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                        tenantId: string;
                    }[];
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMappingPlan: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The file's text. */
                    document: string;
                    /** @default true */
                    enrol?: boolean;
                    /**
                     * @description Linked records of each object.
                     * @default 20
                     */
                    sample?: number;
                    /** @default false */
                    spend?: boolean;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        against: number | null;
                        changes: {
                            from: string | null;
                            member: string | null;
                            name: string;
                            object: ("organization" | "person" | "deal") | null;
                            /** @enum {string} */
                            part: "field" | "stage" | "rule" | "setting";
                            /** @description Linked records it touches; null: only what comes from now on. */
                            records: number | null;
                            role: ("partner" | "partner_user" | "deal" | "customer_org" | "customer_person") | null;
                            to: string | null;
                        }[];
                        /** @description The account's tokens per day as last seen, and on how many days the roll-out spends them; null: not seen. */
                        daily: {
                            days: number;
                            left: number;
                            limit: number;
                        } | null;
                        dryRun: {
                            changed: {
                                pipedrive: number;
                                program: number;
                            };
                            /** @description Some of what would be made on either side, or tied to what is there. */
                            entries: {
                                crmId: number | null;
                                /**
                                 * @description Where it would be made; of what would be linked, where the id stands.
                                 * @enum {string}
                                 */
                                in: "pipedrive" | "program";
                                /** @enum {string} */
                                kind: "partner" | "contact" | "deal_registration";
                                name: string;
                                object: ("organization" | "person" | "deal") | null;
                                /** @enum {string} */
                                outcome: "created" | "linked";
                                programId: string | null;
                            }[];
                            organizations: {
                                carryingIds: number;
                                carryingStatus: {
                                    [key: string]: number;
                                };
                                enrolled: number;
                                looked: number;
                                more: boolean;
                            };
                            rows: {
                                after: string;
                                before: string;
                                crmId: number;
                                label: string;
                                /** @enum {string} */
                                object: "organization" | "person" | "deal";
                                /** @enum {string} */
                                to: "pipedrive" | "program";
                            }[];
                            sampled: number;
                        } | null;
                        findings: {
                            code: string;
                            column?: number;
                            hint: string;
                            label?: string;
                            line?: number;
                            message: string;
                            /** @enum {string} */
                            object?: "organization" | "person" | "deal";
                            path: string;
                            severity: string;
                        }[];
                        linked: {
                            [key: string]: number;
                        };
                        /** @description In Pipedrive's tokens. */
                        price: {
                            look: number;
                            rollOut: number;
                            writes: number | null;
                        };
                        revision: number;
                        spent: number;
                        /** @description Of the roll-out, at the account's two-second allowance; seconds. */
                        takesS: number;
                        tenantId: string;
                        withoutRecord: {
                            [key: string]: number;
                        };
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantMappingProposal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document: string;
                        /** Format: date-time */
                        proposedAt: string;
                        proposedBy: string;
                        sha256: string;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMappingProposalApprove: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Of the document that was read. */
                    sha256: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What a person should know although nothing forbids the document. */
                        findings: {
                            code: string;
                            column?: number;
                            hint: string;
                            label?: string;
                            line?: number;
                            message: string;
                            /** @enum {string} */
                            object?: "organization" | "person" | "deal";
                            path: string;
                            severity: string;
                        }[];
                        /**
                         * @description `proposed`: it waits for a second person.
                         * @enum {string}
                         */
                        outcome: "in force" | "unchanged" | "proposed";
                        /** @description The Pipedrive connection was paused and goes on. */
                        resumed: boolean;
                        revision: number;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantMappingRevisions: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Rows on a page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            loadedAt: string;
                            /** @description With who approved it, where two people did. */
                            loadedBy: string;
                            revision: number;
                            /** @description Of the document. */
                            sha256: string;
                            /** @enum {string} */
                            state: "live" | "retired";
                        }[];
                        /** @description Of the page after; null on the last one. */
                        next: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantMappingRevisionsRevision: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                revision: number;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description As it was loaded. */
                        document: string;
                        /** Format: date-time */
                        loadedAt: string;
                        /** @description With who approved it, where two people did. */
                        loadedBy: string;
                        revision: number;
                        /** @description Of the document. */
                        sha256: string;
                        /** @enum {string} */
                        state: "live" | "retired";
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantMappingRollOut: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Records that the workers were asked to look at. */
                        asked: number;
                        /** @description Why it is paused. */
                        cause: string | null;
                        endedAt: string | null;
                        enrol: boolean;
                        existingIds: ("adopt" | "clear") | null;
                        first: number;
                        former: number | null;
                        revision: number;
                        /** @enum {string} */
                        stage: "canary" | "ids" | "first" | "all";
                        /** Format: date-time */
                        startedAt: string;
                        startedBy: string;
                        /** @enum {string} */
                        state: "running" | "paused" | "done" | "rolled back";
                        tenantId: string;
                        trial: {
                            crmId: number;
                            /** @enum {string} */
                            object: "organization" | "person" | "deal";
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMappingRollOut: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The file's text. */
                    document: string;
                    /**
                     * @description Organizations that carry a status enter whatever sync.start_at says.
                     * @default true
                     */
                    enrol?: boolean;
                    /**
                     * @description What becomes of ids that unlinked records carry already.
                     * @default null
                     */
                    existingIds?: ("adopt" | "clear") | null;
                    /**
                     * @description Records that are tried before all.
                     * @default 5
                     */
                    first?: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        findings: {
                            code: string;
                            column?: number;
                            hint: string;
                            label?: string;
                            line?: number;
                            message: string;
                            /** @enum {string} */
                            object?: "organization" | "person" | "deal";
                            path: string;
                            severity: string;
                        }[];
                        /**
                         * @description `proposed`: it waits for a second person.
                         * @enum {string}
                         */
                        outcome: "begun" | "proposed";
                        revision: number;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMappingRollOutApprove: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Organizations that carry a status enter whatever sync.start_at says.
                     * @default true
                     */
                    enrol?: boolean;
                    /**
                     * @description What becomes of ids that unlinked records carry already.
                     * @default null
                     */
                    existingIds?: ("adopt" | "clear") | null;
                    /**
                     * @description Records that are tried before all.
                     * @default 5
                     */
                    first?: number;
                    /** @description Of the document that was read. */
                    sha256: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        findings: {
                            code: string;
                            column?: number;
                            hint: string;
                            label?: string;
                            line?: number;
                            message: string;
                            /** @enum {string} */
                            object?: "organization" | "person" | "deal";
                            path: string;
                            severity: string;
                        }[];
                        /**
                         * @description `proposed`: it waits for a second person.
                         * @enum {string}
                         */
                        outcome: "begun" | "proposed";
                        revision: number;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMappingRollOutContinue: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description What becomes of ids that unlinked records carry already.
                     * @default null
                     */
                    existingIds?: ("adopt" | "clear") | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Records that the workers were asked to look at. */
                        asked: number;
                        /** @description Why it is paused. */
                        cause: string | null;
                        endedAt: string | null;
                        enrol: boolean;
                        existingIds: ("adopt" | "clear") | null;
                        first: number;
                        former: number | null;
                        revision: number;
                        /** @enum {string} */
                        stage: "canary" | "ids" | "first" | "all";
                        /** Format: date-time */
                        startedAt: string;
                        startedBy: string;
                        /** @enum {string} */
                        state: "running" | "paused" | "done" | "rolled back";
                        tenantId: string;
                        trial: {
                            crmId: number;
                            /** @enum {string} */
                            object: "organization" | "person" | "deal";
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMappingRollback: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        repeats: number | null;
                        revision: number | null;
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMappingScaffold: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Another account's document: what was decided there is carried over. */
                    from?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What was filled in for a person to confirm, and why. */
                        assumed: {
                            path: string;
                            what: string;
                        }[];
                        document: string;
                        gaps: {
                            path: string;
                            /** @description What has to be decided. */
                            what: string;
                        }[];
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantMatches: {
        parameters: {
            query?: {
                /** @description Ended ones too. */
                all?: "true" | "false";
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Rows on a page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @enum {string} */
                            because: "several" | "suspected" | "taken";
                            choice: ("link" | "create" | "drop") | null;
                            crmId: number | null;
                            decidedAt: string | null;
                            decidedBy: string | null;
                            /** @description Carried out, or plain by itself. */
                            endedAt: string | null;
                            id: number;
                            /** @enum {string} */
                            kind: "partner" | "contact" | "deal_registration";
                            /** Format: date-time */
                            openedAt: string;
                            programId: string;
                            /**
                             * @description What the record would be.
                             * @enum {string}
                             */
                            role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                            /** @enum {string} */
                            state: "open" | "decided" | "done" | "withdrawn";
                            tenantId: string;
                        }[];
                        /** @description Of the page after; null on the last one. */
                        next: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantMatchesMatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                match: number;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        because: "several" | "suspected" | "taken";
                        choice: ("link" | "create" | "drop") | null;
                        comment: string | null;
                        crmId: number | null;
                        decidedAt: string | null;
                        decidedBy: string | null;
                        /** @description Carried out, or plain by itself. */
                        endedAt: string | null;
                        evidence: {
                            /** @description As they were when it was opened. */
                            candidates: {
                                /** @enum {string} */
                                by: "id" | "domain" | "related_domain" | "name_and_country" | "name" | "email" | "email_elsewhere";
                                email: string | null;
                                /** @description No mere hint: one such record alone would have been linked. */
                                exact: boolean;
                                id: number;
                                name: string | null;
                                /** @enum {string} */
                                object: "organization" | "person" | "deal";
                                /** @description What it stands for already: it cannot be linked. */
                                takenBy: string | null;
                                website: string | null;
                            }[];
                            /** @description What it was looked for by. */
                            sought: {
                                [key: string]: string | null;
                            };
                            /** @description What looking cost. */
                            tokens: number;
                        };
                        id: number;
                        /** @enum {string} */
                        kind: "partner" | "contact" | "deal_registration";
                        /** Format: date-time */
                        openedAt: string;
                        programId: string;
                        /**
                         * @description What the record would be.
                         * @enum {string}
                         */
                        role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                        /** @enum {string} */
                        state: "open" | "decided" | "done" | "withdrawn";
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantMatchesMatchDecide: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                match: number;
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    choice: "link" | "create" | "drop";
                    /** @description Why. Kept sealed. */
                    comment?: string;
                    /** @description The candidate to link. */
                    crmId?: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        because: "several" | "suspected" | "taken";
                        choice: ("link" | "create" | "drop") | null;
                        comment: string | null;
                        crmId: number | null;
                        decidedAt: string | null;
                        decidedBy: string | null;
                        /** @description Carried out, or plain by itself. */
                        endedAt: string | null;
                        evidence: {
                            /** @description As they were when it was opened. */
                            candidates: {
                                /** @enum {string} */
                                by: "id" | "domain" | "related_domain" | "name_and_country" | "name" | "email" | "email_elsewhere";
                                email: string | null;
                                /** @description No mere hint: one such record alone would have been linked. */
                                exact: boolean;
                                id: number;
                                name: string | null;
                                /** @enum {string} */
                                object: "organization" | "person" | "deal";
                                /** @description What it stands for already: it cannot be linked. */
                                takenBy: string | null;
                                website: string | null;
                            }[];
                            /** @description What it was looked for by. */
                            sought: {
                                [key: string]: string | null;
                            };
                            /** @description What looking cost. */
                            tokens: number;
                        };
                        id: number;
                        /** @enum {string} */
                        kind: "partner" | "contact" | "deal_registration";
                        /** Format: date-time */
                        openedAt: string;
                        programId: string;
                        /**
                         * @description What the record would be.
                         * @enum {string}
                         */
                        role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                        /** @enum {string} */
                        state: "open" | "decided" | "done" | "withdrawn";
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantNearMisses: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            field: string;
                            label: string;
                            /** Format: date-time */
                            lastAt: string;
                            /** @description Written a second time within ten minutes, and then left alone. */
                            nearMisses: number;
                            /** @description Set back once more: the field was paused for that record. */
                            pauses: number;
                            /** @enum {string} */
                            role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantPause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        /** @description Mappings take a second person to come into force. */
                        fourEyes: boolean;
                        id: string;
                        name: string;
                        pausedAt: string | null;
                        /** @description "document": its mapping says so (sync.paused); else who paused it. */
                        pausedBy: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantRecordsObjectId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id there. */
                id: string;
                /** @description Of Pipedrive: organization, person, deal; of the program: partner, contact, deal_registration. */
                object: "organization" | "person" | "deal" | "partner" | "contact" | "deal_registration";
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        findings: {
                            closedAt: string | null;
                            code: string;
                            count: number;
                            /** @description Values that a person needs to mend it. */
                            detail: unknown;
                            field: string | null;
                            /** Format: date-time */
                            firstAt: string;
                            id: number;
                            laneId: number | null;
                            /** Format: date-time */
                            lastAt: string;
                            message: string;
                            /** @enum {string} */
                            severity: "error" | "warning" | "info";
                            subject: string;
                            tenantId: string;
                        }[];
                        /** @description Why nothing of its tenant is worked on now. */
                        heldBack: string[];
                        /** @description The last 20, newest first. */
                        history: {
                            [key: string]: unknown;
                        }[];
                        lane: {
                            [key: string]: unknown;
                        };
                        links: {
                            [key: string]: unknown;
                        }[];
                        openIntents: {
                            [key: string]: unknown;
                        }[];
                        /** @description Fields of its roles that stand still for the whole tenant. */
                        standing: {
                            cause: string;
                            field: string;
                            /** @enum {string} */
                            role: "partner" | "partner_user" | "deal" | "customer_org" | "customer_person";
                        }[];
                        tenantId: string;
                        /** @description All of that in words, for people. */
                        text: string;
                        /** @description Deliveries that no run has read yet. */
                        unread: number;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantRecordsObjectIdHistory: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Label or path of one field. */
                field?: string;
                from?: string;
                /** @description Rows on a page. */
                limit?: number;
                /** @description Up to, and without, this instant. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description Its id there. */
                id: string;
                /** @description Of Pipedrive: organization, person, deal; of the program: partner, contact, deal_registration. */
                object: "organization" | "person" | "deal" | "partner" | "contact" | "deal_registration";
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /**
                             * Format: date-time
                             * @description When it was written down.
                             */
                            at: string;
                            /** @description In the common form of both sides; absent: unknown. */
                            before: unknown;
                            by: string;
                            /** @description Deliveries that were being read. */
                            causes: string[];
                            /** @description When it was changed, by that side's word. */
                            changedAt: string | null;
                            correlation: string | null;
                            crmId: number | null;
                            /** @description seen: changed by somebody else; written, conflict, linked, refused: ours. */
                            event: string;
                            field: string;
                            id: number;
                            intentId: number | null;
                            /** @description What the written side answered, where that is something else. */
                            keptAs: unknown;
                            kind: string | null;
                            label: string;
                            object: string | null;
                            /** @description Place in the sealed chain; null: not sealed yet. */
                            position: number | null;
                            programId: string | null;
                            revision: number;
                            role: string;
                            rule: string | null;
                            side: ("crm" | "program") | null;
                            text: string;
                            /** @description In the common form of both sides; absent: unknown. */
                            value: unknown;
                            winner: string | null;
                        }[];
                        /** @description Of the page after; null on the last one. */
                        next: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantRecordsObjectIdSync: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Its id there. */
                id: string;
                /** @description Of Pipedrive: organization, person, deal; of the program: partner, contact, deal_registration. */
                object: "organization" | "person" | "deal" | "partner" | "contact" | "deal_registration";
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        asked: true;
                        id: string;
                        /** @enum {string} */
                        object: "organization" | "person" | "deal" | "partner" | "contact" | "deal_registration";
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantRecordsObjectIdUndo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Its id there. */
                id: string;
                /** @description Of Pipedrive: organization, person, deal; of the program: partner, contact, deal_registration. */
                object: "organization" | "person" | "deal" | "partner" | "contact" | "deal_registration";
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    plan: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        already: boolean;
                        labels: string[];
                        record: string;
                        sides: ("crm" | "program")[];
                        tenantId: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantRecordsObjectIdUndoCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Its id there. */
                id: string;
                /** @description Of Pipedrive: organization, person, deal; of the program: partner, contact, deal_registration. */
                object: "organization" | "person" | "deal" | "partner" | "contact" | "deal_registration";
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Else it is only said what would be done.
                     * @default false
                     */
                    confirm?: boolean;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Labels of fields in Pipedrive. */
                        cleared: string[];
                        done: boolean;
                        record: string;
                        tenantId: string;
                        text: string;
                        tokens: number;
                        unlinked: {
                            crmId: number;
                            /** @enum {string} */
                            kind: "organization" | "person" | "deal" | "partner" | "contact" | "deal_registration";
                            /** @enum {string} */
                            object: "organization" | "person" | "deal" | "partner" | "contact" | "deal_registration";
                            programId: string;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantRecordsObjectIdUndoPlan: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Its id there. */
                id: string;
                /** @description Of Pipedrive: organization, person, deal; of the program: partner, contact, deal_registration. */
                object: "organization" | "person" | "deal" | "partner" | "contact" | "deal_registration";
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description As it was right before then; default: before the last change.
                     */
                    before?: string;
                    /** @description Label or path of one field; else the whole record. */
                    field?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        before: string;
                        left: {
                            label: string;
                            why: string;
                        }[];
                        /** @description What to apply; of no use once a side has changed. */
                        plan: string;
                        record: string;
                        tenantId: string;
                        text: string;
                        tokens: number;
                        writes: {
                            field: string;
                            label: string;
                            now: unknown;
                            role: string;
                            /** @enum {string} */
                            side: "crm" | "program";
                            value: unknown;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getTenantsTenantRecordsObjectIdWhyField: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its label or path. */
                field: string;
                /** @description Its id there. */
                id: string;
                /** @description Of Pipedrive: organization, person, deal; of the program: partner, contact, deal_registration. */
                object: "organization" | "person" | "deal" | "partner" | "contact" | "deal_registration";
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        agreed: boolean;
                        because: {
                            crm: {
                                /**
                                 * Format: date-time
                                 * @description When it was written down.
                                 */
                                at: string;
                                /** @description In the common form of both sides; absent: unknown. */
                                before: unknown;
                                by: string;
                                /** @description Deliveries that were being read. */
                                causes: string[];
                                /** @description When it was changed, by that side's word. */
                                changedAt: string | null;
                                correlation: string | null;
                                crmId: number | null;
                                /** @description seen: changed by somebody else; written, conflict, linked, refused: ours. */
                                event: string;
                                field: string;
                                id: number;
                                intentId: number | null;
                                /** @description What the written side answered, where that is something else. */
                                keptAs: unknown;
                                kind: string | null;
                                label: string;
                                object: string | null;
                                /** @description Place in the sealed chain; null: not sealed yet. */
                                position: number | null;
                                programId: string | null;
                                revision: number;
                                role: string;
                                rule: string | null;
                                side: ("crm" | "program") | null;
                                text: string;
                                /** @description In the common form of both sides; absent: unknown. */
                                value: unknown;
                                winner: string | null;
                            }[];
                            program: {
                                /**
                                 * Format: date-time
                                 * @description When it was written down.
                                 */
                                at: string;
                                /** @description In the common form of both sides; absent: unknown. */
                                before: unknown;
                                by: string;
                                /** @description Deliveries that were being read. */
                                causes: string[];
                                /** @description When it was changed, by that side's word. */
                                changedAt: string | null;
                                correlation: string | null;
                                crmId: number | null;
                                /** @description seen: changed by somebody else; written, conflict, linked, refused: ours. */
                                event: string;
                                field: string;
                                id: number;
                                intentId: number | null;
                                /** @description What the written side answered, where that is something else. */
                                keptAs: unknown;
                                kind: string | null;
                                label: string;
                                object: string | null;
                                /** @description Place in the sealed chain; null: not sealed yet. */
                                position: number | null;
                                programId: string | null;
                                revision: number;
                                role: string;
                                rule: string | null;
                                side: ("crm" | "program") | null;
                                text: string;
                                /** @description In the common form of both sides; absent: unknown. */
                                value: unknown;
                                winner: string | null;
                            }[];
                        };
                        field: string;
                        label: string;
                        text: string;
                        values: {
                            /** @description In the common form of both sides; absent: unknown. */
                            crm?: unknown;
                            /** @description In the common form of both sides; absent: unknown. */
                            program?: unknown;
                        };
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantReplay: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Only say which they are.
                     * @default false
                     */
                    dryRun?: boolean;
                    /** @description The record that this finding is about. */
                    finding?: number;
                    /** @description This record. */
                    record?: {
                        id: string;
                        /** @enum {string} */
                        object: "organization" | "person" | "deal" | "partner" | "contact" | "deal_registration";
                    };
                    /**
                     * Format: date-time
                     * @description Every record that has stopped since then, up to 500 at once.
                     */
                    since?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        dryRun: boolean;
                        /** @description Stopped since then too, and left for another replay. */
                        left: number;
                        records: {
                            cause: string | null;
                            name: string;
                            stoppedAt: string | null;
                        }[];
                        tenantId: string;
                        /** @description Pipedrive's tokens that looking at them takes at most. */
                        tokens: number;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postTenantsTenantResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description A tenant's id. */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        /** @description Mappings take a second person to come into force. */
                        fourEyes: boolean;
                        id: string;
                        name: string;
                        pausedAt: string | null;
                        /** @description "document": its mapping says so (sync.paused); else who paused it. */
                        pausedBy: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getUsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            createdAt: string;
                            disabledAt: string | null;
                            email: string | null;
                            hasPassword: boolean;
                            id: string;
                            lastSeenAt: string | null;
                            name: string;
                            /** @enum {string} */
                            role: "viewer" | "operator" | "approver" | "admin";
                            tenants: string[] | null;
                            tokensInForce: number;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postUsers: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    email?: string | null;
                    /** @description What they sign in with. */
                    name: string;
                    /** @enum {string} */
                    role: "viewer" | "operator" | "approver" | "admin";
                    /** @description The only tenants; null: all of them. */
                    tenants?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        disabledAt: string | null;
                        email: string | null;
                        id: string;
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "approver" | "admin";
                        signIn: {
                            code: string;
                            /** Format: date-time */
                            until: string;
                            /** @description Where to choose a password; null where PUBLIC_URL is not set. */
                            url: string | null;
                        };
                        tenants: string[] | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postUsersNameDisable: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description What they sign in with. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        disabledAt: string | null;
                        email: string | null;
                        id: string;
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "approver" | "admin";
                        tenants: string[] | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postUsersNameEnable: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description What they sign in with. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        disabledAt: string | null;
                        email: string | null;
                        id: string;
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "approver" | "admin";
                        tenants: string[] | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    putUsersNameRole: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description What they sign in with. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    role: "viewer" | "operator" | "approver" | "admin";
                    /** @description Left out: as they are. */
                    tenants?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        disabledAt: string | null;
                        email: string | null;
                        id: string;
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "approver" | "admin";
                        tenants: string[] | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postUsersNameSignIn: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description What they sign in with. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        /** Format: date-time */
                        until: string;
                        /** @description Where to choose a password; null where PUBLIC_URL is not set. */
                        url: string | null;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    getUsersNameTokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What they sign in with. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            createdAt: string;
                            expiresAt: string | null;
                            id: string;
                            lastUsedAt: string | null;
                            name: string;
                            owner: string;
                            revokedAt: string | null;
                            /** @enum {string} */
                            role: "viewer" | "operator" | "approver" | "admin";
                            tenants: string[] | null;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postUsersNameTokens: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description What they sign in with. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Null: until it is revoked.
                     * @default 90
                     */
                    days?: number | null;
                    /** @description What it is for. */
                    name: string;
                    /**
                     * @description Less than its owner may; default: as its owner.
                     * @enum {string}
                     */
                    role?: "viewer" | "operator" | "approver" | "admin";
                    /** @description The only tenants; null: all of them. */
                    tenants?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        expiresAt: string | null;
                        id: string;
                        lastUsedAt: string | null;
                        name: string;
                        owner: string;
                        revokedAt: string | null;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "approver" | "admin";
                        tenants: string[] | null;
                        /** @description Shown this once. */
                        token: string;
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
    postUsersNameTokensRevoke: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description What they sign in with. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uuid
                     * @description Default: all of them.
                     */
                    id?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Those that were in force until now. */
                        revoked: {
                            /** Format: date-time */
                            createdAt: string;
                            expiresAt: string | null;
                            id: string;
                            lastUsedAt: string | null;
                            name: string;
                            owner: string;
                            revokedAt: string | null;
                            /** @enum {string} */
                            role: "viewer" | "operator" | "approver" | "admin";
                            tenants: string[] | null;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: {
                            /** @description For programs, e.g. UNKNOWN_TENANT. */
                            code: string;
                            /** @description Under this the server's log and the audit trail tell more. */
                            correlationId: string;
                            /** @description Of a document that was refused: all of them. */
                            findings?: unknown[];
                            /** @description What to do about it. */
                            hint?: string;
                            /** @description What is wrong. */
                            message: string;
                            /** @description Where: a member of the body, a parameter, a side. */
                            where?: string;
                        };
                    };
                };
            };
        };
    };
}
