package entrepot.gateway.admin;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Described;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.http.Headers;
import entrepot.market.capacity.notices.Notice;
import entrepot.market.capacity.notices.NoticeEvidence;
import entrepot.market.capacity.notices.NoticeRefused;
import entrepot.market.capacity.notices.Notices;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.CapacityAnswer;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Occurrence.Offered;
import entrepot.market.contracts.Occurrence.Outcome;
import entrepot.market.contracts.evidence.EvidenceKey;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Rights of first refusal, run step by step; every step is a dated record that is never changed.
 *
 * <pre>
 *   GET  /capacity/purchase      ?seller= &amp;buyer= &amp;purchase= &amp;at=  may it be bought?
 *                                {object: "capacity_answer", allowed, status, buyer|null, seller,
 *                                clause|null, until|null, reason, evidence, offers[{document,
 *                                offered_at, outcome|null, answered_at|null}]}
 *   GET  /capacity/notices       {data[notice]}, newest first, at most 100
 *   POST /capacity/notices       {clause, seller, purchase?, document, offered_at?} 201: a notice
 *   GET  /capacity/notices/{id}  a notice
 *   POST /capacity/notices/{id}/answer    {outcome: matched|declined, document, answered_at?}
 *   GET  /capacity/notices/{id}/evidence  a signed document, for entrepot contracts verify
 *   notice: {id, clause, seller, purchase, document, offered_at, deadline|null, recorded_at,
 *            recorded_by, standing: waiting|matched|declined|lapsed, answer|null}
 *   times: a date or an instant
 * </pre>
 */
public final class FirstRefusalApi {

    private static final int NOTICES_MAX = 100;
    private static final String ANSWER =
            "{outcome: matched/declined, document: string, answered_at: date-time,"
                    + " recorded_at: date-time, recorded_by: string}";
    private static final String NOTICE =
            "{id: string, clause: string, seller: string, purchase: string, document: string,"
                    + " offered_at: date-time, deadline: string|null, recorded_at: date-time,"
                    + " recorded_by: string, standing: waiting/matched/declined/lapsed, answer: "
                    + ANSWER
                    + "|null}";
    private static final Described ASK =
            Described.get(
                    "Says whether capacity may be bought, and who has to be asked first.",
                    "{seller: string, buyer?: string, purchase?: string, at?: string}",
                    "{object: capacity_answer, allowed: boolean, status: string, seller: string,"
                            + " clause: string|null, until: string|null, reason: string,"
                            + " evidence: string, offers: [{document: string,"
                            + " offered_at: date-time, outcome: string|null,"
                            + " answered_at: string|null}]}");
    private static final Described LIST =
            Described.get(
                    "Lists what was offered to holders of a right of first refusal.",
                    "",
                    AdminShapes.list(NOTICE));
    private static final Described OFFER =
            Described.body(
                    "Records that a purchase was offered to the holder; reckons its deadline.",
                    "{clause: string, seller: string, purchase?: string, document: string,"
                            + " offered_at?: string}",
                    201,
                    NOTICE);
    private static final Described SHOW = Described.get("Shows a notice.", "", NOTICE);
    private static final Described ANSWERED =
            Described.body(
                    "Records what the holder answered, once and for all.",
                    "{outcome: matched/declined, document: string, answered_at?: string}",
                    200,
                    NOTICE);
    private static final Described EVIDENCE =
            Described.get(
                    "Signs the record of one procedure.",
                    "",
                    "{evidence: {format: string, contracts: string, clause: any, at: date-time,"
                            + " standing: string, offer: any, answer?: any},"
                            + " signature: {algorithm: Ed25519, key_id: string,"
                            + " public_key: string, value: string}}");

    private final Notices notices;
    private final Supplier<ContractBook> contracts;
    private final EvidenceKey key;

    /**
     * @param contracts gives those in force
     */
    public FirstRefusalApi(Notices notices, Supplier<ContractBook> contracts, EvidenceKey key) {
        this.notices = notices;
        this.contracts = contracts;
        this.key = key;
    }

    public List<Route> routes() {
        return List.of(
                route("GET", "/purchase", this::ask, ASK),
                route("GET", "/notices", this::list, LIST),
                route("POST", "/notices", this::offer, OFFER),
                route("GET", "/notices/{notice_id}", this::show, SHOW),
                route("POST", "/notices/{notice_id}/answer", this::answer, ANSWERED),
                route("GET", "/notices/{notice_id}/evidence", this::evidence, EVIDENCE));
    }

    private static Route route(String method, String path, Endpoint endpoint, Described about) {
        return AdminApi.route(
                method,
                "/capacity" + path,
                call -> {
                    try {
                        endpoint.answer(call);
                    } catch (NoticeRefused refused) {
                        throw Refusals.value(refused.member(), refused.problem() + ".");
                    }
                },
                about);
    }

    private void ask(Call call) {
        Query query = call.query();
        String seller = query.get("seller");
        if (seller == null) {
            throw Refusals.missing("seller");
        }
        Instant at = Periods.orElse(query, "at", call.startedAt());
        CapacityAnswer answer =
                notices.ask(
                        call.caller().tenant(),
                        query.get("buyer"),
                        seller,
                        query.get("purchase"),
                        new AsOf(at, call.startedAt()));
        ObjectNode json =
                Json.object()
                        .put("object", "capacity_answer")
                        .put("allowed", answer.allowed())
                        .put("status", AdminJson.word(answer.status()))
                        .put("seller", seller)
                        .put("clause", answer.deciding() == null ? null : answer.deciding().ref())
                        .put("until", text(answer.until()))
                        .put("reason", answer.reason())
                        .put("evidence", answer.evidence());
        ArrayNode offers = json.putArray("offers");
        for (Offered offered : answer.offers()) {
            Outcome outcome = offered.outcome();
            offers.addObject()
                    .put("document", offered.source().toString())
                    .put("offered_at", offered.at().toString())
                    .put("outcome", outcome == null ? null : AdminJson.word(outcome))
                    .put("answered_at", text(offered.answered()));
        }
        call.respond(200, json);
    }

    private void list(Call call) {
        call.respond(
                200,
                AdminJson.list(
                        notices.latest(call.caller().tenant(), NOTICES_MAX),
                        notice -> json(notice, call.startedAt())));
    }

    private void offer(Call call) {
        Fields body = call.fields();
        var wanted =
                new Notices.NewNotice(
                        body.requiredText("clause"),
                        body.requiredText("seller"),
                        Objects.requireNonNullElse(body.text("purchase"), ""),
                        body.requiredText("document"),
                        instant(body, "offered_at"));
        body.end();
        call.respond(201, json(notices.offer(call.caller(), wanted), call.startedAt()));
    }

    private void show(Call call) {
        call.respond(200, json(found(call), call.startedAt()));
    }

    private void answer(Call call) {
        Fields body = call.fields();
        String outcome = body.oneOf("outcome", "matched", "declined");
        if (outcome == null) {
            throw Refusals.missing("outcome");
        }
        String document = body.requiredText("document");
        Instant answered = instant(body, "answered_at");
        body.end();
        Notice after =
                notices.answer(
                        call.caller(),
                        call.parameter("notice_id"),
                        Outcome.valueOf(outcome.toUpperCase(Locale.ROOT)),
                        document,
                        answered);
        if (after == null) {
            throw unknown(call);
        }
        call.respond(200, json(after, call.startedAt()));
    }

    private void evidence(Call call) {
        call.respond(
                200,
                Headers.of("content-type", "application/json"),
                NoticeEvidence.sign(found(call), contracts.get(), call.startedAt(), key));
    }

    private Notice found(Call call) {
        return notices.find(call.caller().tenant(), call.parameter("notice_id"))
                .orElseThrow(() -> unknown(call));
    }

    private static Failed unknown(Call call) {
        return new Failed(
                Failure.at(
                        Failure.Cause.NOT_FOUND,
                        "There is no notice '"
                                + call.parameter("notice_id")
                                + "'. GET /admin/v1/capacity/notices lists them.",
                        "notice_id"));
    }

    private static @Nullable Instant instant(Fields body, String member) {
        String text = body.text(member);
        return text == null ? null : Periods.instant(member, text);
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static ObjectNode json(Notice notice, Instant now) {
        ObjectNode json =
                Json.object()
                        .put("id", notice.id())
                        .put("clause", notice.clause())
                        .put("seller", notice.seller())
                        .put("purchase", notice.purchase())
                        .put("document", notice.document())
                        .put("offered_at", notice.offeredAt().toString())
                        .put("deadline", text(notice.deadline()))
                        .put("recorded_at", notice.recordedAt().toString())
                        .put("recorded_by", notice.recordedBy())
                        .put("standing", AdminJson.word(notice.standing(now)));
        Notice.Answer answer = notice.answer();
        if (answer == null) {
            return json.putNull("answer");
        }
        json.putObject("answer")
                .put("outcome", AdminJson.word(answer.outcome()))
                .put("document", answer.document())
                .put("answered_at", answer.answeredAt().toString())
                .put("recorded_at", answer.recordedAt().toString())
                .put("recorded_by", answer.recordedBy());
        return json;
    }
}
