//! The account status report: what defaults the accounts of an organization have, found out by AWS itself.
//!
//! The report covers every attribute that declarative policies know, in every region, and needs no role in the accounts.
//! It is made in hours, one at a time, and its rows go to a bucket; a summary can be asked for.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::request::{Form, Request};
use crate::xml::{self, Cursor, Read};

/// `StartDeclarativePoliciesReport`. Only the management account and delegates may.
#[derive(Clone, Debug, Default)]
pub struct StartDeclarativePoliciesReport {
    /// A bucket in the same region, whose policy lets the report in.
    pub bucket: String,
    /// What the names of its objects begin with.
    pub prefix: Option<String>,
    /// The root (`r-…`), a unit (`ou-…`) or an account.
    pub target_id: String,
}

impl Operation for StartDeclarativePoliciesReport {
    type Output = String;
    const ACTION: Action = Action::StartDeclarativePoliciesReport;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .put("S3Bucket", &self.bucket)
            .put_some("S3Prefix", self.prefix.as_deref())
            .put("TargetId", &self.target_id)
            .finish()
    }

    /// The id of the report.
    fn parse(body: &[u8]) -> Result<String, Unreadable> {
        let mut id = String::new();
        xml::document(body, |name, cursor| {
            if name == b"reportId" {
                id = cursor.text()?;
            }
            Ok(())
        })?;
        Ok(id)
    }
}

/// `DescribeDeclarativePoliciesReports`.
#[derive(Clone, Debug, Default)]
pub struct DescribeDeclarativePoliciesReports {
    /// Only these; all if empty.
    pub ids: Vec<String>,
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for DescribeDeclarativePoliciesReports {
    type Output = Reports;
    const ACTION: Action = Action::DescribeDeclarativePoliciesReports;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .list("ReportId", &self.ids)
            .put_some("NextToken", self.next_token.as_deref())
            .finish()
    }

    fn parse(body: &[u8]) -> Result<Reports, Unreadable> {
        let mut page = Reports::default();
        xml::document(body, |name, cursor| {
            match name {
                b"reportSet" => page.reports = cursor.items(report)?,
                b"nextToken" => page.next_token = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for DescribeDeclarativePoliciesReports {
    fn next(output: &Reports) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reports {
    /// The reports.
    pub reports: Vec<Report>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// A report without its contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// `p-…`.
    pub id: String,
    /// `running`, `cancelled`, `complete` or `error`.
    pub status: String,
    /// What it is about.
    pub target_id: String,
    /// When it was asked for, ISO 8601.
    pub start_time: String,
    /// Where its rows are.
    pub bucket: String,
}

/// `GetDeclarativePoliciesReportSummary` of a report that is complete.
#[derive(Clone, Debug, Default)]
pub struct GetDeclarativePoliciesReportSummary {
    /// Its id.
    pub id: String,
}

impl Operation for GetDeclarativePoliciesReportSummary {
    type Output = ReportSummary;
    const ACTION: Action = Action::GetDeclarativePoliciesReportSummary;

    fn request(&self) -> Request {
        Form::of(Self::ACTION).put("ReportId", &self.id).finish()
    }

    fn parse(body: &[u8]) -> Result<ReportSummary, Unreadable> {
        let mut it = ReportSummary::default();
        xml::document(body, |name, cursor| {
            match name {
                b"reportId" => it.id = cursor.text()?,
                b"targetId" => it.target_id = cursor.text()?,
                b"endTime" => it.end_time = cursor.some_text()?,
                b"numberOfAccounts" => it.accounts = cursor.parsed()?.unwrap_or_default(),
                b"numberOfFailedAccounts" => it.failed_accounts = cursor.parsed()?.unwrap_or_default(),
                b"attributeSummarySet" => it.attributes = cursor.items(attribute)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(it)
    }
}

/// What a report says in short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportSummary {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub target_id: String,
    /// When it was done, ISO 8601.
    pub end_time: Option<String>,
    /// Accounts that were looked at.
    pub accounts: u64,
    /// Accounts that could not be looked at.
    pub failed_accounts: u64,
    /// Attributes.
    pub attributes: Vec<Attribute>,
}

/// How many accounts have the value of an attribute that most have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// The value that most accounts have.
    pub most_frequent: String,
    /// Accounts that have it everywhere.
    pub matched: u64,
    /// Accounts that do not.
    pub unmatched: u64,
    /// By region: its name, accounts that have the value there, accounts that do not.
    pub regions: Vec<(String, u64, u64)>,
}

fn report(cursor: &mut Cursor<'_>) -> Read<Report> {
    let mut it = Report::default();
    cursor.children(|name, cursor| {
        match name {
            b"reportId" => it.id = cursor.text()?,
            b"status" => it.status = cursor.text()?,
            b"targetId" => it.target_id = cursor.text()?,
            b"startTime" => it.start_time = cursor.text()?,
            b"s3Bucket" => it.bucket = cursor.text()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

fn attribute(cursor: &mut Cursor<'_>) -> Read<Attribute> {
    let mut it = Attribute::default();
    cursor.children(|name, cursor| {
        match name {
            b"attributeName" => it.name = cursor.text()?,
            b"mostFrequentValue" => it.most_frequent = cursor.text()?,
            b"numberOfMatchedAccounts" => it.matched = cursor.parsed()?.unwrap_or_default(),
            b"numberOfUnmatchedAccounts" => it.unmatched = cursor.parsed()?.unwrap_or_default(),
            b"regionalSummarySet" => it.regions = cursor.items(regional)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

fn regional(cursor: &mut Cursor<'_>) -> Read<(String, u64, u64)> {
    let (mut region, mut matched, mut unmatched) = (String::new(), 0, 0);
    cursor.children(|name, cursor| {
        match name {
            b"regionName" => region = cursor.text()?,
            b"numberOfMatchedAccounts" => matched = cursor.parsed()?.unwrap_or_default(),
            b"numberOfUnmatchedAccounts" => unmatched = cursor.parsed()?.unwrap_or_default(),
            _ => {}
        }
        Ok(())
    })?;
    Ok((region, matched, unmatched))
}
