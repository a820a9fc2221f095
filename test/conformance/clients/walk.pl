# Walks ListRecords with HTTP::OAI: a line for each record, a pause for a line of input between two pages after so many.
use strict;
use warnings;
use HTTP::OAI;

my ($url, $prefix, $pause) = @ARGV;
my ($count, $paused) = (0, 0);
$| = 1;
my $harvester = HTTP::OAI::Harvester->new(baseURL => $url);
my $each = sub {
    my ($record) = @_;
    $count++;
    print $record->identifier, ' ', ($record->is_deleted ? 'deleted' : 'there'), "\n";
};
my %query = (metadataPrefix => $prefix);
while (1) {
    my $answer = $harvester->ListRecords(%query, onRecord => $each);
    die $answer->message, "\n" if $answer->is_error;
    if ($pause && $count >= $pause && !$paused++) {
        print "paused\n";
        <STDIN>;
    }
    my $token = $answer->resumptionToken;
    last unless $token && defined $token->resumptionToken && length $token->resumptionToken;
    %query = (resumptionToken => $token->resumptionToken);
}
