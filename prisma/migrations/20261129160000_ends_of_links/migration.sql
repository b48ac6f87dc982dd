-- Whatever ends a link, or moves it to another record or aggregate, what people were asked about it goes along: a conflict
-- of a link that is no more would be open for ever, with nothing that could carry a decision out, and so would a match of
-- an aggregate that is not to be tied again.
CREATE FUNCTION follow_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF tg_op = 'UPDATE' THEN
    UPDATE conflict SET crm_id = new.crm_id, kind = new.kind, program_id = new.program_id WHERE link_id = new.id;
    RETURN NULL;
  END IF;
  WITH ended AS (
    UPDATE conflict SET state = 'ended', verdict = NULL, word = NULL, closed_at = now(), last_at = now(), version = version + 1
      WHERE link_id = old.id AND (state IN ('open', 'apart') OR verdict IS NOT NULL) RETURNING field)
    UPDATE finding f SET closed_at = now() FROM ended e
      WHERE f.tenant_id = old.tenant_id AND f.lane_id = old.lane_id AND f.code = 'CONFLICT_MANUAL' AND f.field = e.field
        AND f.closed_at IS NULL;
  UPDATE match_review SET state = 'withdrawn', ended_at = now()
    WHERE tenant_id = old.tenant_id AND kind = old.kind AND program_id = old.program_id AND role = old.role
      AND state IN ('open', 'decided');
  RETURN NULL;
END $$;

CREATE TRIGGER link_ended AFTER DELETE ON "link" FOR EACH ROW EXECUTE FUNCTION follow_link();
CREATE TRIGGER link_moved AFTER UPDATE OF crm_id, kind, program_id ON "link" FOR EACH ROW
  WHEN (old.crm_id IS DISTINCT FROM new.crm_id OR old.kind IS DISTINCT FROM new.kind OR old.program_id IS DISTINCT FROM new.program_id)
  EXECUTE FUNCTION follow_link();
