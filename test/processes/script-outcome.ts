import type { Outcome } from "./outcome.ts";

/** What the script comes to, whoever dies on the way. */
export const SCRIPT_OUTCOME: Outcome = {
  organizations: [
    {
      name: "Kestrel GmbH",
      website: null,
      "Allbound Deal ID": "registration of Kestrel GmbH",
    },
    {
      name: "Nordlicht AG",
      website: "nordlicht-ag.example",
      "Allbound ID": "partner Nordlicht AG",
      "Allbound Status": "Active",
    },
    {
      name: "Zweigwerk AG",
      website: null,
      "Allbound Deal ID": "registration of Zweigwerk AG",
    },
  ],
  people: [
    {
      name: "Ida Kern",
      email: "ida@kestrelgmbh.example",
      organization: "Kestrel GmbH",
      "Allbound Deal ID": "registration of Kestrel GmbH",
    },
    {
      name: "Ida Kern",
      email: "ida@zweigwerkag.example",
      organization: "Zweigwerk AG",
      "Allbound Deal ID": "registration of Zweigwerk AG",
    },
    {
      name: "Jo Berg",
      email: "jo@nordlicht.example",
      organization: "Nordlicht AG",
      "Allbound ID": "contact jo@nordlicht.example",
    },
    {
      name: "Mara Voss",
      email: "mara@nordlicht.example",
      organization: "Nordlicht AG",
      "Allbound ID": "contact mara@nordlicht.example",
    },
  ],
  deals: [
    {
      title: "East",
      registration: "East",
      organization: "Zweigwerk AG",
      person: "Ida Kern",
      stage: "Registered",
      owner: "channel-desk@harbourline.example",
      value: 800,
      currency: "EUR",
      status: "open",
      expected_close_date: "2027-03-01",
    },
    {
      title: "Fleet renewal",
      registration: "Fleet renewal",
      organization: "Kestrel GmbH",
      person: "Ida Kern",
      stage: "Quote sent",
      owner: "channel-desk@harbourline.example",
      value: 2500.5,
      currency: "EUR",
      status: "won",
      expected_close_date: "2027-03-01",
    },
    {
      title: "West",
      registration: "West",
      organization: "Zweigwerk AG",
      person: "Ida Kern",
      stage: "Registered",
      owner: "channel-desk@harbourline.example",
      value: 900,
      currency: "EUR",
      status: "lost",
      expected_close_date: "2027-03-01",
    },
  ],
  partners: [
    {
      name: "Nordlicht AG",
      website: "nordlicht-ag.example",
      status: "active",
      organization: "Nordlicht AG",
    },
  ],
  contacts: [
    {
      email: "jo@nordlicht.example",
      first_name: "Jo",
      last_name: "Berg",
      status: "active",
      partner: "partner Nordlicht AG",
    },
    {
      email: "mara@nordlicht.example",
      first_name: "Mara",
      last_name: "Voss",
      status: "active",
      partner: "partner Nordlicht AG",
    },
  ],
  registrations: [
    {
      title: "East",
      amount: {
        value: 800,
        currency: "EUR",
      },
      expected_close_date: "2027-03-01",
      review: "approved",
      sales: {
        status: "open",
        stage_key: "working",
        closed_at: null,
        lost_reason: null,
      },
      deal: "East",
      organization: "Zweigwerk AG",
      person: "Ida Kern",
    },
    {
      title: "Fleet renewal",
      amount: {
        value: 2500.5,
        currency: "EUR",
      },
      expected_close_date: "2027-03-01",
      review: "approved",
      sales: {
        status: "won",
        stage_key: "proposal",
        closed_at: "then",
        lost_reason: null,
      },
      deal: "Fleet renewal",
      organization: "Kestrel GmbH",
      person: "Ida Kern",
    },
    {
      title: "West",
      amount: {
        value: 900,
        currency: "EUR",
      },
      expected_close_date: "2027-03-01",
      review: "approved",
      sales: {
        status: "lost",
        stage_key: "working",
        closed_at: "then",
        lost_reason: "price",
      },
      deal: "West",
      organization: "Zweigwerk AG",
      person: "Ida Kern",
    },
  ],
  links: [
    {
      record: "customer_org Kestrel GmbH",
      allbound_deal_id: "registration of Kestrel GmbH",
    },
    {
      record: "customer_org Zweigwerk AG",
      allbound_deal_id: "registration of Zweigwerk AG",
    },
    {
      record: "customer_org Zweigwerk AG",
    },
    {
      record: "customer_person Ida Kern",
      allbound_deal_id: "registration of Kestrel GmbH",
    },
    {
      record: "customer_person Ida Kern",
      allbound_deal_id: "registration of Zweigwerk AG",
    },
    {
      record: "customer_person Ida Kern",
    },
    {
      record: "deal East",
      allbound_id: "registration of Zweigwerk AG",
      "registration.amount": {
        amount: "800",
        currency: "EUR",
      },
      "registration.expected_close_date": "2027-03-01",
      "sales.lost_reason": null,
      "sales.closed_at": null,
      "sales.status": "open",
      "sales.stage_key": "working",
    },
    {
      record: "deal Fleet renewal",
      allbound_id: "registration of Kestrel GmbH",
      "registration.amount": {
        amount: "2500.5",
        currency: "EUR",
      },
      "registration.expected_close_date": "2027-03-01",
      "sales.lost_reason": null,
      "sales.closed_at": "then",
      "sales.stage_key": "proposal",
      "sales.status": "won",
    },
    {
      record: "deal West",
      allbound_id: "registration of Zweigwerk AG",
      "registration.amount": {
        amount: "900",
        currency: "EUR",
      },
      "registration.expected_close_date": "2027-03-01",
      "sales.lost_reason": "price",
      "sales.closed_at": "then",
      "sales.stage_key": "working",
      "sales.status": "lost",
    },
    {
      record: "partner Nordlicht AG",
      "partner.status": "active",
      "partner.name": "Nordlicht AG",
      "partner.website": "nordlicht-ag.example",
      allbound_id: "partner Nordlicht AG",
    },
    {
      record: "partner_user Jo Berg",
      allbound_id: "contact jo@nordlicht.example",
    },
    {
      record: "partner_user Mara Voss",
      allbound_id: "contact mara@nordlicht.example",
    },
  ],
  findings: [],
};
