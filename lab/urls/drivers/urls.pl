# Tries URLs with HTTP::Tiny or LWP, whichever the argument names: one URL in hex for each line of standard input, one
# line of outcome each. See lab/urls/README.md.
use strict;
use warnings;
use HTTP::Tiny;

$| = 1;
# A peer that hangs up during a TLS handshake is an outcome, not the end of this process.
$SIG{PIPE} = 'IGNORE';
my ($version, $attempt);
if ($ARGV[0] eq 'LWP') {
    require LWP::UserAgent;
    my $agent = LWP::UserAgent->new(timeout => 1, max_redirect => 0);
    $version = $LWP::UserAgent::VERSION;
    $attempt = sub { $agent->get($_[0])->status_line };
} else {
    my $agent = HTTP::Tiny->new(timeout => 1, max_redirect => 0, keep_alive => 0);
    $version = $HTTP::Tiny::VERSION;
    $attempt = sub {
        my $answer = $agent->get($_[0]);
        return $answer->{status} . ($answer->{status} == 599 ? " $answer->{content}" : '');
    };
}
print qq({"client":"$ARGV[0]","version":"$version"}\n);
while (my $line = <STDIN>) {
    chomp $line;
    my $status = eval { $attempt->(pack 'H*', $line) } // "- $@";
    $status =~ s/[[:cntrl:]]/ /g;
    print(($status =~ /^[1-4]/ ? '+ ' : '- ') . "$status\n");
}
