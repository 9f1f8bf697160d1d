"""The analysis: pure functions, records to records. No database, web, clock or environment.

The stages, in order, each a file of that name:

    read      formats → columns and mapping → SurveyResponse | Turn | Rejected; a bad row is data, never fatal
    clean     width, markup, ruby and pinyin annotations, boilerplate, empty answers
    redact    phone, e-mail, ID card, bank card, plate, accounts, addresses: masked before anything is stored
    language  per span: zh, en, mixed or other
    split     verbatim → opinion units, with exact offsets
    embed     distinct texts once
    cluster   duplicates folded → neighbour graph → themes → what belongs nowhere
    codebook  themes defined beforehand take the clusters and units they mean
    name      Chinese and English names, keywords, exemplars
    match     found themes take the ids of the known ones whose units they hold
    assign    new units into known themes, with a stated similarity
    score     sentiment of every opinion unit
    link      customer references → customers, saying what matched
    insight   trend, impact on score, customer types: counted from stored rows (trend, impact, scores, customer_types)

`analyse.py` has the two functions to read first.
"""
