-- Once an aggregate has its record in a role, nobody has to choose one any more: what a person decided is done when it is
-- this link that follows from it, and everything else that was asked is withdrawn. In the transaction that makes the link,
-- whoever makes it: a run, one that recovers a create whose answer was lost, or a person by hand.
CREATE FUNCTION end_matches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH ended AS (
    UPDATE match_review SET ended_at = now(),
        state = CASE WHEN state = 'decided' AND (choice = 'link' AND crm_id = new.crm_id OR choice = 'create' AND new.created_by = 'create')
          THEN 'done' ELSE 'withdrawn' END
      WHERE tenant_id = new.tenant_id AND kind = new.kind AND program_id = new.program_id AND role = new.role
        AND state IN ('open', 'decided') RETURNING kind, program_id)
    UPDATE finding f SET closed_at = now() FROM ended e
      WHERE f.tenant_id = new.tenant_id AND f.code = 'MATCH_REVIEW' AND f.closed_at IS NULL
        AND f.subject = e.kind || ' ' || e.program_id;
  RETURN NULL;
END $$;

CREATE TRIGGER link_made AFTER INSERT ON "link" FOR EACH ROW EXECUTE FUNCTION end_matches();
CREATE TRIGGER link_revived AFTER UPDATE OF state ON "link" FOR EACH ROW
  WHEN (old.state <> 'active' AND new.state = 'active') EXECUTE FUNCTION end_matches();
