package entrepot.market.supply;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.market.metering.Letters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The models that run in this process, as a supplier like any other. */
public final class BuiltIn implements Supply {

    private final Map<String, BuiltInModel> models = new LinkedHashMap<>();

    public BuiltIn(List<BuiltInModel> models) {
        models.forEach(model -> this.models.put(model.model(), model));
    }

    @Override
    public void deliver(Attempt attempt) throws InterruptedException {
        BuiltInModel model = models.get(attempt.name());
        if (model == null) {
            throw new Failed(
                    Failure.of(
                            Cause.UNAVAILABLE,
                            "no built-in model is called '"
                                    + attempt.name()
                                    + "'; there is: "
                                    + String.join(", ", models.keySet())));
        }
        Request request = attempt.request().get();
        attempt.tally().sent(() -> Letters.of(request));
        var sink = new CounterSink(attempt);
        model.answer(request.withModel(attempt.name()), sink);
        sink.end();
    }
}
