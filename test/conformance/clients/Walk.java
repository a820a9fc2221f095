// Walks ListRecords with XOAI: a line for each record, a pause for a line of input after so many.
import io.gdcc.xoai.model.oaipmh.results.record.Header;
import io.gdcc.xoai.serviceprovider.ServiceProvider;
import io.gdcc.xoai.serviceprovider.client.JdkHttpOaiClient;
import io.gdcc.xoai.serviceprovider.model.Context;
import io.gdcc.xoai.serviceprovider.parameters.ListRecordsParameters;

public class Walk {
    public static void main(String[] given) throws Exception {
        var client = JdkHttpOaiClient.newBuilder().withBaseUrl(given[0]).build();
        var context =
                new Context()
                        .withBaseUrl(given[0])
                        .withOAIClient(client)
                        .withMetadataTransformer(given[1], Context.KnownTransformer.OAI_DC);
        var records =
                new ServiceProvider(context)
                        .listRecords(ListRecordsParameters.request().withMetadataPrefix(given[1]));
        int pause = Integer.parseInt(given[2]);
        for (int count = 1; records.hasNext(); count++) {
            Header header = records.next().getHeader();
            System.out.println(
                    header.getIdentifier() + (header.isDeleted() ? " deleted" : " there"));
            if (count == pause) {
                System.out.println("paused");
                System.in.read();
            }
        }
    }
}
