package entrepot.gateway.knowledge;

import entrepot.gateway.door.Described;

/** What the routes of company data and of groups take and tell. */
final class SourceShapes {

    private static final String PROGRESS =
            "{state: new/listing/reading/done/failed, started_at: integer|null,"
                    + " ended_at: integer|null, found: integer, to_read: integer, read: integer,"
                    + " unchanged: integer, skipped: integer, removed: integer, failed: integer,"
                    + " current: string|null, error: string|null, warnings: [string]}";
    private static final String SOURCE =
            "{id: string, kind: string, label: string, access: string, every_seconds: integer,"
                    + " documents: integer, passages: integer, errors: integer,"
                    + " synced_at: integer|null, node: string|null, passes: integer, progress: "
                    + PROGRESS
                    + "}";
    private static final String PAGES = "{after?: string, limit?: integer}";

    static final Described LIST_SOURCES =
            Described.get(
                    "Lists the sources of company data and how far they are read.",
                    "",
                    Answers.shape(SOURCE));
    static final Described SHOW_SOURCE =
            Described.get("Shows a source and how far it is read.", "", SOURCE);
    static final Described SYNC_SOURCE =
            new Described("Has a source read now instead of when it is due.", "", "", 202, SOURCE);
    static final Described FORGET_SOURCE =
            Described.get(
                    "Takes all that was read from a source away, once it is not set up any more.",
                    "",
                    "{id: string, forgotten: boolean}");
    static final Described LIST_DOCUMENTS =
            Described.get(
                    "Lists a source's documents with their access lists and errors.",
                    PAGES,
                    "{object: list, has_more: boolean, data: [{id: string, revision: string,"
                            + " title: string, uri: string, content_type: string, label: string,"
                            + " access: string, bytes: integer, passages: integer,"
                            + " error: string|null, read_at: integer}]}");
    static final Described SEARCH =
            Described.body(
                    "Finds passages of company data that the caller may read.",
                    "{query: string, sources?: [string], labels?: [string], limit?: integer}",
                    200,
                    "{object: list, weak: boolean, data: [{source: string, document: string,"
                            + " revision: string, from: integer, to: integer, line: integer,"
                            + " page: integer|null, title: string, heading: string, uri: string,"
                            + " label: string, score: number, text: string}]}");
    static final Described LIST_GROUPS =
            Described.get(
                    "Lists groups and who is in them.",
                    "",
                    Answers.shape("{id: string, members: [string]}"));
    static final Described ADD_MEMBER =
            Described.get(
                    "Puts a principal into a group.",
                    "",
                    "{group: string, principal: string, member: boolean}");
    static final Described REMOVE_MEMBER =
            Described.get(
                    "Takes a principal out of a group.",
                    "",
                    "{group: string, principal: string, member: boolean}");

    private SourceShapes() {}
}
