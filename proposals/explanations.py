"""What the page of a step says before it is taken: what will happen, who reads the reason, and what to write there.

One place, so that nobody presses a button without knowing what it does. The names are the verbs of the workflow's table.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proposals.workflow import VERBS


@dataclass(frozen=True)
class Explanation:
    """The words of one step."""

    title: str
    effects: tuple  # what happens when the button is pressed, a sentence each
    done: str  # the message afterwards
    question: str = ""  # the label of the reason; empty when there is none
    hint: str = ""  # what a good reason says
    is_final: bool = False  # can't be taken back: the button is red


EXPLANATIONS = {
    "submit": Explanation(
        gettext_lazy("Send in your idea"),
        (
            gettext_lazy("The neighbourhood manager looks at your idea."),
            gettext_lazy("You can't change the idea while we look at it."),
            gettext_lazy("You get a mail at each step."),
        ),
        gettext_lazy("Your idea is sent in. You get a mail when there is news."),
    ),
    "withdraw": Explanation(
        gettext_lazy("Withdraw your idea"),
        (
            gettext_lazy("Your idea stops here. You can't undo this."),
            gettext_lazy("If it is on the site, people can still read it. It then says “Withdrawn”."),
            gettext_lazy("Everyone who joined gets a mail."),
        ),
        gettext_lazy("Your idea is withdrawn."),
        gettext_lazy("Why do you withdraw your idea?"),
        gettext_lazy("One sentence is enough. For example: “I move to another town.”"),
        is_final=True,
    ),
    "answer": Explanation(
        gettext_lazy("Answer the question"),
        (
            gettext_lazy("The neighbourhood manager gets your answer by mail."),
            gettext_lazy("After that we go on with your idea."),
        ),
        gettext_lazy("Your answer is sent."),
        gettext_lazy("Your answer"),
        gettext_lazy("Don't write telephone numbers or addresses of people here."),
    ),
    "publish": Explanation(
        gettext_lazy("Publish the idea"),
        (
            gettext_lazy("From now on everyone can read the idea on the site."),
            gettext_lazy("Residents can support it and react to it."),
            gettext_lazy("The people of the idea get a mail."),
            gettext_lazy("The idea stays on your work list: next you check if it can be done."),
        ),
        gettext_lazy("The idea is published. Next: check if it can be done."),
    ),
    "send_back": Explanation(
        gettext_lazy("Send the idea back"),
        (
            gettext_lazy("The people of the idea get a mail with your reason."),
            gettext_lazy("They can change the idea and send it in again."),
            gettext_lazy("The idea leaves your work list until then."),
        ),
        gettext_lazy("The idea is sent back."),
        gettext_lazy("What must they change?"),
        gettext_lazy(
            "Say exactly what is missing. For example: “Tell us in which street. And how many benches you want.”"
        ),
    ),
    "ask": Explanation(
        gettext_lazy("Ask a question"),
        (
            gettext_lazy("The people of the idea get your question by mail."),
            gettext_lazy("The idea stays on your work list, as “Waits for an answer”."),
            gettext_lazy("You get a mail when they answer."),
        ),
        gettext_lazy("Your question is sent."),
        gettext_lazy("Your question"),
        gettext_lazy("Ask one thing at a time, in plain words. For example: “Who will water the plants?”"),
    ),
    "accept": Explanation(
        gettext_lazy("It can be done"),
        (
            gettext_lazy("The idea gets the status “It can be done”."),
            gettext_lazy("People can still support it."),
            gettext_lazy("The people of the idea get a mail with your reason."),
            gettext_lazy("Next the choice is made: does it get money?"),
        ),
        gettext_lazy("Written down: it can be done."),
        gettext_lazy("Why can it be done?"),
        gettext_lazy("Two or three short sentences. Also say under what conditions it can be done, if there are any."),
    ),
    "reject": Explanation(
        gettext_lazy("It can't be done"),
        (
            gettext_lazy("The idea gets the status “Can't be done”. People can no longer support it."),
            gettext_lazy("The people of the idea get a mail with your reason."),
            gettext_lazy("The idea leaves your work list. You can check it again later."),
        ),
        gettext_lazy("Written down: it can't be done."),
        gettext_lazy("Why can't it be done?"),
        gettext_lazy(
            "Say what stands in the way, and what would be possible. For example: “The land belongs to the housing association. "
            "They don't want a playground there. A bench is possible.”"
        ),
        is_final=True,
    ),
    "pass_over": Explanation(
        gettext_lazy("This idea was not chosen"),
        (
            gettext_lazy("The idea gets the status “Not chosen”. People can no longer support it."),
            gettext_lazy("The people of the idea get a mail with your reason."),
            gettext_lazy("The idea leaves your work list. You can check it again later."),
        ),
        gettext_lazy("Written down: not chosen."),
        gettext_lazy("Why was it not chosen?"),
        gettext_lazy("Say who made the choice, when and why. And say if there is another chance."),
        is_final=True,
    ),
    "reopen": Explanation(
        gettext_lazy("Check the idea again"),
        (
            gettext_lazy("The idea goes back to “We check if it can be done”. People can support it."),
            gettext_lazy("The people of the idea get a mail with your reason."),
            gettext_lazy("It is on your work list again."),
        ),
        gettext_lazy("The idea is being checked again."),
        gettext_lazy("Why do you check it again?"),
        gettext_lazy("For example: “There is a new estimate of the costs.”"),
    ),
    "note": Explanation(
        gettext_lazy("Write an internal note"),
        (
            gettext_lazy("Nobody gets a mail about this."),
            gettext_lazy("The note is kept with the idea. You can't change it later."),
        ),
        gettext_lazy("The note is kept."),
        gettext_lazy("Your note"),
        gettext_lazy("Write only what is needed for the work. A person may ask to read what we wrote about them."),
    ),
    "start": Explanation(
        gettext_lazy("Start the work"),
        (
            gettext_lazy("The project gets the status “Being made”."),
            gettext_lazy("From now on you can mark steps as done and write down payments."),
            gettext_lazy("The people of the idea get a mail."),
        ),
        gettext_lazy("The work has started."),
    ),
    "merge": Explanation(
        gettext_lazy("Merge with another idea"),
        (
            gettext_lazy("This idea stops. A link to the other idea stays on its page."),
            gettext_lazy("Support is not moved: people choose for themselves if they support the other idea."),
            gettext_lazy("The people of both ideas get a mail."),
            gettext_lazy("You can't undo this."),
        ),
        gettext_lazy("The ideas are merged."),
        gettext_lazy("Why do you merge them?"),
        gettext_lazy("For example: “Both ideas are about trees in the same street.”"),
        is_final=True,
    ),
    "assign": Explanation(
        gettext_lazy("Give the check to a person"),
        (
            gettext_lazy("This person gets a mail, unless it is you."),
            gettext_lazy("Residents don't see who has the check."),
        ),
        gettext_lazy("The check is given to a person."),
        gettext_lazy("Who does the check?"),
    ),
}


def readers(verb, proposal):
    """Who reads what is written with `verb`, in one or two sentences; empty when nothing is written."""
    if not VERBS[verb].needs_reason:
        return ""
    if not VERBS[verb].is_public:
        return _("Only the neighbourhood manager and the community worker read this. Residents never do.")
    if proposal.is_public:
        return _("Everyone can read this on the page of the idea.")
    return _(
        "Now only the people of the idea and the staff of the neighbourhood read this. Everyone can read it once the idea is published."
    )
