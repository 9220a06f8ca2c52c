package entrepot.gateway.admin;

import entrepot.gateway.door.Described;

/** What the routes of agreements, entitlements and policies take and tell. */
final class RuleShapes {

    static final Described LIST_TERMS =
            Described.get(
                    "Lists the terms that models need, and what this tenant has accepted.",
                    "",
                    AdminShapes.list("any"));
    static final Described SHOW_TERMS =
            Described.get("Shows terms and who accepted them.", "", "{id: string}");
    static final Described ACCEPT_TERMS =
            Described.body(
                    "Accepts a version of terms for this tenant.",
                    "{id: string, version: string}",
                    201,
                    "any");
    static final Described LIST_ENTITLEMENTS =
            Described.get(
                    "Lists who may use which models; with none at all everybody may use all.",
                    "",
                    "{object: list, data: [any], default: allow/deny}");
    static final Described GRANT =
            Described.body(
                    "Lets a team, a principal or everyone use models.",
                    "{models: string, team?: string, principal?: string}",
                    201,
                    "any");
    static final Described REVOKE =
            Described.get("Takes an entitlement back.", "", "{id: string, revoked: boolean}");
    static final Described POLICIES =
            Described.get(
                    "Shows the policies in force, their mode and what they decided here.",
                    "",
                    "{object: list, data: [any], folder: string, version: string,"
                            + " since: integer, default_deny: any, problems: [any]}");

    private RuleShapes() {}
}
