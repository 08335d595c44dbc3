"""What the public documentation says of every entity, as types that forgive nothing.

https://docs.joinmastodon.org/entities/ . Where its versions differ, the one that the server
advertises counts: 4.3. Keys that came later are known here too, but nobody has to send them; keys
that were removed before 4.3 are refused like unknown ones.

What the documentation leaves open is decided here once:

- Ids are texts of digits, and moments have milliseconds and `Z`, everywhere.
- Keys that are documented as given "with a user token" have to be there: this door never shows
  the entity without one.
- Three keys may be null without being documented so, since there is nothing else to say and servers
  do the same: `Status.application` of what no program published, `Relationship.languages` where no
  language was chosen (an empty array would mean none of them), and
  `ExtendedDescription.updated_at` where nobody wrote one.
"""
